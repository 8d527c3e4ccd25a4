#pragma once

#include <api/transport/field_trial_based_config.h>
#include <rtc_base/copy_on_write_buffer.h>
#include <rtc_base/physical_socket_server.h>
#include <rtc_base/rtc_certificate.h>
#include <rtc_base/thread.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "sfu/transport/demultiplexer.h"
#include "sfu/transport/network.h"
#include "sfu/transport/outlet.h"
#include "sfu/transport/stream_port.h"
#include "sfu/transport/stun_message.h"
#include "sfu/transport/turn/turn_server.h"
#include "sfu/transport/udp_port.h"

namespace rtcpub::sfu {

/// Runs on: the network thread, once it has started.
struct Network::Parts {
  explicit Parts(std::string turnSecret) : secret(std::move(turnSecret)) {}

  rtc::PhysicalSocketServer* server = nullptr;  // owned by the thread
  std::unique_ptr<rtc::Thread> thread;
  std::unique_ptr<UdpPort> port;
  Demultiplexer demultiplexer;
  Outlet outlet;
  StunServer stun{demultiplexer, outlet};  // what the port and the streams bring goes there
  const TurnSecret secret;
  std::unique_ptr<UdpPort> turnPort;  // null until serveTurn()
  TurnServer turn{secret, stun, outlet};
  std::unique_ptr<TurnUdpInput> turnInput;
  std::unique_ptr<StreamPort> streams;
  rtc::scoped_refptr<rtc::RTCCertificate> certificate;
  webrtc::FieldTrialBasedConfig trials;
  /// How long ago the datagram that is being read came to this machine.
  [[nodiscard]] std::chrono::microseconds ageOfArrival() const {
    return std::max(port->age(), turnPort ? turnPort->age() : std::chrono::microseconds(0));
  }

  rtc::CopyOnWriteBuffer scratch;  // a packet on its way through encryption
};

}  // namespace rtcpub::sfu
