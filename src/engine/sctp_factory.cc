#include "engine/sctp_factory.h"

#include <net/dcsctp/public/dcsctp_socket.h>

#include <utility>

namespace rtcpub::engine {
namespace {

constexpr std::size_t kKilobyte = 1024;

}  // namespace

dcsctp::DcSctpOptions lowDelay(dcsctp::DcSctpOptions options) {
  using dcsctp::DurationMs;
  options.delayed_ack_max_timeout = DurationMs(10);
  options.rto_initial = DurationMs(200);
  // Below a peer's delayed acknowledgement (200 ms at most) a lone message may be sent twice: a few
  // bytes, for a loss that is noticed in a third of the time.
  options.rto_min = DurationMs(100);
  options.min_rtt_variance = DurationMs(80);
  options.rto_max = DurationMs(2000);
  options.t1_init_timeout = DurationMs(200);
  options.t1_cookie_timeout = DurationMs(200);
  options.max_timer_backoff_duration = DurationMs(2000);
  // What is in here has left our queues and can't be dropped any more when it gets old.
  options.max_send_buffer_size = 512 * kKilobyte;
  options.total_buffered_amount_low_threshold = 256 * kKilobyte;
  options.max_receiver_window_buffer_size = kSctpReceiveBuffer;
  return options;
}

SctpFactory::SctpFactory(Tune tune, Wrap wrap) : tune_(std::move(tune)), wrap_(std::move(wrap)) {}

std::unique_ptr<dcsctp::DcSctpSocketInterface> SctpFactory::Create(
    absl::string_view logPrefix, dcsctp::DcSctpSocketCallbacks& callbacks,
    std::unique_ptr<dcsctp::PacketObserver> observer, const dcsctp::DcSctpOptions& options) {
  const dcsctp::DcSctpOptions tuned = tune_ ? tune_(options) : options;
  if (!wrap_) {
    return DcSctpSocketFactory::Create(logPrefix, callbacks, std::move(observer), tuned);
  }
  auto wrapper = wrap_(callbacks);
  wrapper->wrap(DcSctpSocketFactory::Create(logPrefix, *wrapper, std::move(observer), tuned));
  return wrapper;
}

}  // namespace rtcpub::engine
