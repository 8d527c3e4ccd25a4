#include "media/devices.h"

#include "media/encoders/encoder_chain.h"
#include "rtcpub/devices.h"

namespace rtcpub {

Devices listDevices() {
  media::CameraList list = media::listCameras();
  Devices devices{.cameras = std::move(list.cameras), .hints = std::move(list.hints)};
  bool chosen = false;
  for (const auto& report : media::probeEncoders()) {
    const bool first = report.available && !chosen;
    chosen = chosen || first;
    devices.encoders.push_back({.name = report.name,
                                .codec = report.codec,
                                .hardware = report.hardware,
                                .available = report.available,
                                .chosen = first,
                                .hint = report.why});
  }
  return devices;
}

}  // namespace rtcpub
