#include "sfu/transport/offer_check.h"

#include <cstddef>

#include "sfu/transport/answer.h"

namespace rtcpub::sfu {
namespace {

constexpr std::size_t kMaxSections = 64;

}  // namespace

Result<void> checkOffer(std::string_view sdp) {
  if (sdp.size() > kMaxOfferSize) {
    return fail(ErrorCode::kProtocol, "the offer is larger than 256 KiB");
  }
  if (sdp.find('\0') != sdp.npos) return fail(ErrorCode::kProtocol, "the offer has a zero byte");
  std::size_t sections = 0;
  while (!sdp.empty()) {
    const auto end = sdp.find('\n');
    if (sdp.starts_with("m=") && ++sections > kMaxSections) {
      return fail(ErrorCode::kProtocol, "the offer has more than 64 sections");
    }
    sdp.remove_prefix(end == sdp.npos ? sdp.size() : end + 1);
  }
  return {};
}

}  // namespace rtcpub::sfu
