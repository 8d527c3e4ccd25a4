#include "engine/sctp_wrapper.h"

#include <gtest/gtest.h>
#include <net/dcsctp/socket/mock_dcsctp_socket_callbacks.h>

namespace rtcpub::engine {
namespace {

using ::testing::_;
using ::testing::NiceMock;

dcsctp::DcSctpMessage message(std::uint32_t protocol) {
  return {dcsctp::StreamID(1), dcsctp::PPID(protocol), {1, 2, 3}};
}

TEST(SctpWrapper, PassesOnTheProtocolsOfDataChannels) {
  NiceMock<dcsctp::MockDcSctpSocketCallbacks> owner;
  SctpWrapper wrapper(owner);
  EXPECT_CALL(owner, OnMessageReceived(_)).Times(7);
  for (const std::uint32_t known : {50U, 51U, 52U, 53U, 54U, 56U, 57U}) {
    wrapper.OnMessageReceived(message(known));
  }
}

TEST(SctpWrapper, DropsProtocolsThatTheTransportAbortsOn) {
  NiceMock<dcsctp::MockDcSctpSocketCallbacks> owner;
  SctpWrapper wrapper(owner);
  EXPECT_CALL(owner, OnMessageReceived(_)).Times(0);
  for (const std::uint32_t unknown : {0U, 49U, 55U, 58U, 0xFFFFFFFFU}) {
    wrapper.OnMessageReceived(message(unknown));
  }
}

}  // namespace
}  // namespace rtcpub::engine
