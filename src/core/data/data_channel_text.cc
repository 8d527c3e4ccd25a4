#include "core/text/query.h"
#include "core/text/text.h"
#include "rtcpub/data_channel.h"

namespace rtcpub {
namespace {

constexpr int kLargestLimit = 65535;  // RFC 8832 section 5.1 has 32 bits; SCTP's API 16

tl::unexpected<Error> refuse(std::string_view label, const std::string& what) {
  return fail(ErrorCode::kInvalidArgument, "data channel " + text::quote(label) + ": " + what);
}

Result<void> readFlag(std::string_view label, std::string_view name, const std::string& value,
                      bool& flag) {
  if (value != "true" && value != "false") {
    return refuse(label, std::string(name) + " is true or false, not " + text::quote(value));
  }
  flag = value == "true";
  return {};
}

Result<void> readOption(std::string_view label, std::string_view name, const std::string& value,
                        DataChannelOptions& options) {
  if (name == "protocol") {
    options.protocol = value;
    return {};
  }
  if (name == "ordered") return readFlag(label, name, value, options.ordered);
  if (name == "viewers") {
    return readFlag(label, name, value.empty() ? "true" : value, options.viewersMaySend);
  }
  if (name != "life" && name != "retransmits") {
    return refuse(label, "there is no option " + text::quote(name) +
                             "; there are ordered, life, retransmits, protocol and viewers");
  }
  const auto limit = text::parseInteger(value, 0, kLargestLimit);
  if (!limit) {
    return refuse(label, std::string(name) + " is " +
                             (name == "life" ? "a number of milliseconds" : "a number") +
                             " from 0 to 65535, not " + text::quote(value));
  }
  (name == "life" ? options.maxPacketLifeTimeMs : options.maxRetransmits) = limit;
  return {};
}

}  // namespace

Result<DataChannelDescription> parseDataChannel(std::string_view text) {
  const auto [label, query] = text::splitAt(text, '?');
  DataChannelDescription description{.label = std::string(label), .options = {}};
  if (!query) return description;
  const auto parameters = query::parse(*query);
  if (!parameters) return refuse(label, parameters.error().message);
  for (const auto& [name, value] : *parameters) {
    if (auto read = readOption(label, name, value, description.options); !read) {
      return tl::unexpected(read.error());
    }
  }
  if (description.options.maxRetransmits && description.options.maxPacketLifeTimeMs) {
    return refuse(label, "life and retransmits exclude each other: leave one out");
  }
  return description;
}

}  // namespace rtcpub
