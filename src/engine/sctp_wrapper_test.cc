#include "engine/sctp_wrapper.h"

#include <gtest/gtest.h>

namespace rtcpub::engine {
namespace {

/// Counts the messages that reach it.
class Owner final : public dcsctp::DcSctpSocketCallbacks {
 public:
  int messages = 0;

 private:
  using Streams = rtc::ArrayView<const dcsctp::StreamID>;
  dcsctp::TimeMs TimeMillis() override { return dcsctp::TimeMs(0); }
  std::uint32_t GetRandomInt(std::uint32_t low, std::uint32_t /*high*/) override { return low; }
  void OnMessageReceived(dcsctp::DcSctpMessage /*message*/) override { ++messages; }
  void OnError(dcsctp::ErrorKind /*error*/, absl::string_view /*message*/) override {}
  void OnAborted(dcsctp::ErrorKind /*error*/, absl::string_view /*message*/) override {}
  void OnConnected() override {}
  void OnClosed() override {}
  void OnConnectionRestarted() override {}
  void OnStreamsResetFailed(Streams /*streams*/, absl::string_view /*reason*/) override {}
  void OnStreamsResetPerformed(Streams /*streams*/) override {}
  void OnIncomingStreamsReset(Streams /*streams*/) override {}
};

/// How many of these protocols' messages are passed on.
int passedOn(std::initializer_list<std::uint32_t> protocols) {
  Owner owner;
  SctpWrapper wrapper(owner);
  for (const std::uint32_t protocol : protocols) {
    wrapper.OnMessageReceived({dcsctp::StreamID(1), dcsctp::PPID(protocol), {1, 2, 3}});
  }
  return owner.messages;
}

TEST(SctpWrapper, PassesOnTheProtocolsOfDataChannels) {
  EXPECT_EQ(passedOn({50, 51, 52, 53, 54, 56, 57}), 7);
}

TEST(SctpWrapper, DropsProtocolsThatTheTransportAbortsOn) {
  EXPECT_EQ(passedOn({0, 49, 55, 58, 99, 0xFFFFFFFF}), 0);
}

}  // namespace
}  // namespace rtcpub::engine
