#include "core/hub/channel_id.h"

#include <string>

#include "core/text/text.h"

namespace rtcpub {
namespace {

constexpr std::size_t kMaxLength = 64;
constexpr std::string_view kAllowed =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

}  // namespace

Result<void> checkChannelId(std::string_view id) {
  if (id.empty()) return fail(ErrorCode::kInvalidArgument, "the channel id is empty");
  if (id.size() > kMaxLength) {
    return fail(ErrorCode::kInvalidArgument, "the channel id has " + std::to_string(id.size()) +
                                                 " characters; 64 are the limit");
  }
  if (id.find_first_not_of(kAllowed) != std::string_view::npos) {
    return fail(ErrorCode::kInvalidArgument,
                "the channel id " + text::quote(id) +
                    " has a character that it can't have; A-Z a-z 0-9 _ - are allowed");
  }
  return {};
}

}  // namespace rtcpub
