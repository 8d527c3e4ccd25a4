#include "core/source/rtsp_uri.h"

#include <string>
#include <utility>

#include "core/text/text.h"

namespace rtcpub::source_uri {
namespace {

constexpr std::string_view kSlashes = "://";
constexpr std::size_t kMaxUrl = 2048;
constexpr int kMaxLatencyMs = 10'000;

tl::unexpected<Error> refuseForm() {
  return refuse("an RTSP URL is written as rtsp://HOST/PATH, its options as #transport=tcp");
}

Result<void> readCredentials(std::string_view text, Rtsp& rtsp) {
  const auto [user, password] = text::splitAt(text, ':');
  auto decodedUser = query::percentDecode(user);
  auto decodedPassword = query::percentDecode(password.value_or(""));
  if (!decodedUser || !decodedPassword) {
    return refuse(
        "the user and the password of an RTSP URL must be percent-encoded (write %25 for a '%')");
  }
  rtsp.user = *std::move(decodedUser);
  rtsp.password = *std::move(decodedPassword);
  return {};
}

Result<void> readTransport(const std::string& value, Rtsp& rtsp) {
  if (value != "tcp" && value != "udp") {
    return refuse("transport takes tcp or udp, not " + text::quote(value));
  }
  rtsp.transport = value == "tcp" ? RtspTransport::kTcp : RtspTransport::kUdp;
  return {};
}

Result<void> readLatency(const std::string& value, Rtsp& rtsp) {
  const auto latency = text::parseInteger(value, 0, kMaxLatencyMs);
  if (!latency) {
    return refuse("latency takes milliseconds from 0 to 10000, as latency=50, not " +
                  text::quote(value));
  }
  rtsp.latencyMs = *latency;
  return {};
}

Result<void> readRtspOption(query::Parameters& parameters, std::string_view name, Rtsp& rtsp,
                            Result<void> (*read)(const std::string&, Rtsp&)) {
  const auto found = parameters.find(name);
  if (found == parameters.end()) return {};
  auto done = read(found->second, rtsp);
  parameters.erase(found);
  return done;
}

Result<void> readFragment(std::string_view fragment, Rtsp& rtsp) {
  auto parameters = query::parse(fragment);
  if (!parameters) return refuse("options of rtsp: " + parameters.error().message);
  if (auto read = readRtspOption(*parameters, "transport", rtsp, readTransport); !read) return read;
  if (auto read = readRtspOption(*parameters, "latency", rtsp, readLatency); !read) return read;
  auto options = readOptions(*parameters, {.scheme = "rtsp:", .properties = true});
  if (!options) return tl::unexpected(options.error());
  rtsp.options = *std::move(options);
  return {};
}

}  // namespace

Result<Rtsp> parseRtsp(std::string_view text) {
  const auto [url, fragment] = text::splitAt(text, '#');
  const auto colon = url.find(':');
  const bool bad = url.size() > kMaxUrl || text::hasControl(url) || url.find(' ') != url.npos;
  if (bad || colon == url.npos || !url.substr(colon).starts_with(kSlashes)) {
    return refuseForm();
  }
  const auto begin = colon + kSlashes.size();
  const auto end = std::min(url.find_first_of("/?", begin), url.size());
  const auto authority = url.substr(begin, end - begin);
  const auto at = authority.rfind('@');
  Rtsp rtsp;
  auto host = authority;
  if (at != std::string_view::npos) {
    if (auto read = readCredentials(authority.substr(0, at), rtsp); !read) {
      return tl::unexpected(read.error());
    }
    host = authority.substr(at + 1);
  }
  if (host.empty() || host.front() == ':') return refuseForm();
  rtsp.url = std::string(url.substr(0, begin)) + std::string(host) + std::string(url.substr(end));
  if (auto read = readFragment(fragment.value_or(""), rtsp); !read) {
    return tl::unexpected(read.error());
  }
  return rtsp;
}

}  // namespace rtcpub::source_uri
