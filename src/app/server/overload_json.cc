#include "app/server/overload_json.h"

#include <cmath>

namespace rtcpub {

nlohmann::ordered_json overloadJson(const sfu::OverloadReport& report) {
  const char* level = report.onKeyFrames > 0     ? "key_frames"
                      : report.onLowestLayer > 0 ? "lowest_layer"
                                                 : "none";
  return {{"seconds", report.lasts.count() / 1000},
          {"busy_percent", std::lround(report.busy * 100)},
          {"level", level},
          {"viewers_on_lowest_layer", report.onLowestLayer},
          {"viewers_on_key_frames", report.onKeyFrames},
          {"dropped_datagrams", report.droppedDatagrams}};
}

}  // namespace rtcpub
