#include "core/address/page_origin.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/text/text.h"

namespace rtcpub {
namespace {

constexpr std::size_t kLongest = 300;
constexpr std::size_t kLongestHost = 253;  // RFC 1035 section 2.3.4, as text

tl::unexpected<Error> refuse(std::string_view text, const std::string& why) {
  return fail(ErrorCode::kInvalidArgument,
              text::quote(text, 100) + " is not where a page comes from: " + why);
}

bool isHost(std::string_view host) {
  constexpr std::string_view kOfNames = "abcdefghijklmnopqrstuvwxyz0123456789-._";
  return !host.empty() && host.size() <= kLongestHost && host.front() != '.' &&
         host.front() != '-' && host.find("..") == std::string_view::npos &&
         host.find_first_not_of(kOfNames) == std::string_view::npos;
}

}  // namespace

Result<std::string> parsePageOrigin(std::string_view text) {
  static constexpr std::array<std::string_view, 2> kSchemes{"https://", "http://"};
  const std::string origin = text::toLower(text.substr(0, kLongest + 1));
  if (origin.size() > kLongest) return refuse(text, "it is longer than any name can be");
  const auto* const scheme = std::ranges::find_if(
      kSchemes, [&](std::string_view each) { return origin.starts_with(each); });
  if (scheme == kSchemes.end()) {
    return refuse(text, "write its scheme and its name, as https://example.com");
  }
  const std::string_view rest = std::string_view(origin).substr(scheme->size());
  if (rest.find('*') != std::string_view::npos) {
    return refuse(text, "name each page's, as https://example.com, instead of a pattern");
  }
  if (rest.starts_with('[')) {
    // They match none (Content Security Policy Level 3, section 6.7.2.9).
    return refuse(text, "browsers compare no IPv6 addresses; call the page by a name");
  }
  const auto place = rest.substr(0, rest.find_first_of("/?#"));
  const auto colon = place.find(':');
  if (!isHost(place.substr(0, colon))) {
    return refuse(text, "its name has other characters than letters, digits, '-' and '.'");
  }
  const bool hasPort = colon != std::string_view::npos;
  if (hasPort && !text::parseInteger(place.substr(colon + 1), 1, 65535)) {
    return refuse(text, "its port is no number from 1 to 65535");
  }
  if (place.size() < rest.size()) {
    return refuse(text, "leave out what comes after the name: " +
                            origin.substr(0, scheme->size() + place.size()));
  }
  return origin;
}

}  // namespace rtcpub
