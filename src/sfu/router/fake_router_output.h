#pragma once

#include <vector>

#include "sfu/router/fake_packets.h"
#include "sfu/router/router.h"
#include "sfu/router/rtp_packet.h"

namespace rtcpub::sfu::fake {

/// Keeps what a router wants sent.
class Output : public RouterOutput {
 public:
  struct Sent {
    MemberId to = 0;
    Bytes bytes;
    std::size_t transportSequence = 0;
    std::optional<Probe> probe;
    RtpPacket packet() const { return RtpPacket::parse(bytes).value(); }
  };
  struct Report {
    MemberId to = 0;
    OutgoingSenderReport report;
  };

  void sendRtp(MemberId to, const OutgoingPacket& packet) override {
    sent.push_back({.to = to,
                    .bytes = Bytes(packet.data.begin(), packet.data.end()),
                    .transportSequence = packet.transportSequence,
                    .probe = packet.probe});
  }
  void sendSenderReport(MemberId to, const OutgoingSenderReport& report) override {
    reports.push_back({to, report});
  }
  void requestKeyFrame(MemberId publisher) override { keyFrameRequests.push_back(publisher); }

  [[nodiscard]] std::vector<Sent> to(MemberId id) const {
    std::vector<Sent> packets;
    for (const auto& one : sent) {
      if (one.to == id) packets.push_back(one);
    }
    return packets;
  }

  std::vector<Sent> sent;
  std::vector<Report> reports;
  std::vector<MemberId> keyFrameRequests;
};

}  // namespace rtcpub::sfu::fake
