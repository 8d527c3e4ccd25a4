#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/hub/member_id.h"

namespace rtcpub::sfu {

/// What a viewer gets of the video while the server has more to send than it can.
enum class Thinning : std::uint8_t {
  kNone,
  kLowestLayer,  ///< every second or fourth picture, evenly
  kKeyFrames,    ///< whole pictures, one every few seconds
};

/// What a viewer takes, in packets of video a second, and what its path is like.
struct ViewerLoad {
  MemberId member = 0;
  double all = 0;          ///< of the whole video
  double lowestLayer = 0;  ///< likewise; the same as `all` where there are no layers
  double keyFrames = 0;
  bool narrow = false;  ///< its path doesn't carry the video
  double repeated = 0;  ///< the share of packets that it asked for again
  std::optional<std::chrono::microseconds> rtt;
  Thinning now = Thinning::kNone;
};

/// What each viewer gets so that all of them take no more than `budget` packets a second; those
/// that aren't named get everything. First the upper temporal layers go, then all but key frames,
/// in both from the viewers with the worst paths on: on these a picture is late or broken anyway.
/// Of equal ones those stay thinned that are, and then who came last is first: a viewer who was
/// there before keeps what it has. Pure.
[[nodiscard]] std::map<MemberId, Thinning> planThinning(std::vector<ViewerLoad> viewers,
                                                        double budget);

}  // namespace rtcpub::sfu
