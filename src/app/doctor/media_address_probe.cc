#include "app/doctor/media_address_probe.h"

#include <array>
#include <functional>
#include <future>
#include <memory>
#include <random>
#include <utility>

#include "app/client/server_link.h"
#include "core/session/probe_offer.h"
#include "net/event_loop.h"

namespace rtcpub {
namespace {

using Addresses = std::vector<stun::Endpoint>;

/// For candidates that come after the answer.
constexpr std::chrono::seconds kPatience{1};

/// One question. Runs on: the loop's thread.
class MediaAddressProbe {
 public:
  MediaAddressProbe(net::EventLoop& loop, std::promise<Result<Addresses>> done)
      : done_(std::move(done)), timer_(loop) {}

  void start(net::EventLoop& loop, const ClientSetup& setup, std::chrono::milliseconds limit) {
    link_ = dialSpider(
        loop, setup, [this](const session::Event& event) { on(event); }, limit);
    timer_.set(monotonicNow() + limit, [this] {
      finish(fail(ErrorCode::kProtocol, "the server didn't answer an offer in time"));
    });
  }

  /// Says farewell, so that the server doesn't wait for media.
  void leave(std::function<void()> done) {
    timer_.cancel();
    link_->close(std::move(done));
  }

 private:
  void on(const session::Event& event) {
    if (std::holds_alternative<session::SocketOpened>(event)) {
      offer();
    } else if (const auto* const failed = std::get_if<session::SocketFailed>(&event)) {
      finish(tl::unexpected(failed->error));
    } else if (const auto* const heard = std::get_if<session::Heard>(&event)) {
      hear(heard->what);
    } else if (const auto* const closed = std::get_if<session::SocketClosed>(&event)) {
      finish(fail(ErrorCode::kClosed, "the server closed the WebSocket: " + closed->reason));
    }
  }

  void offer() {
    std::random_device device;
    std::array<std::uint8_t, 32> random{};
    for (auto& byte : random) byte = static_cast<std::uint8_t>(device());
    link_->send(session::Offer{sdp::probeOffer(random)});
  }

  void hear(const session::FromServer& what) {
    if (const auto* const answer = std::get_if<session::Answer>(&what)) {
      addresses_ = sdp::udpCandidates(answer->sdp);
      answered_ = true;
      if (!addresses_.empty()) return finish(addresses_);
      timer_.set(monotonicNow() + kPatience, [this] { finish(addresses_); });
    } else if (const auto* const candidate = std::get_if<Candidate>(&what)) {
      takeLater(candidate->line);
    } else if (const auto* const error = std::get_if<session::ServerError>(&what)) {
      finish(fail(ErrorCode::kRejected, "the server refused an offer: " + error->message));
    }
  }

  void takeLater(const std::string& candidate) {
    for (auto& each : sdp::udpCandidate(candidate)) addresses_.push_back(std::move(each));
    if (candidate.empty() && answered_) finish(addresses_);
  }

  void finish(Result<Addresses> result) {
    if (std::exchange(finished_, true)) return;
    done_.set_value(std::move(result));
  }

  std::promise<Result<Addresses>> done_;
  net::EventLoop::Timer timer_;
  std::unique_ptr<ServerLink> link_;
  Addresses addresses_;
  bool answered_ = false;
  bool finished_ = false;
};

}  // namespace

Result<Addresses> askMediaAddresses(const ClientSetup& setup, std::chrono::milliseconds limit) {
  net::EventLoop loop("rtcpub-signal");
  std::promise<Result<Addresses>> done;
  auto answer = done.get_future();
  auto probe = std::make_shared<MediaAddressProbe>(loop, std::move(done));
  loop.post([&] { probe->start(loop, setup, limit); });
  auto result = answer.get();
  auto left = std::make_shared<std::promise<void>>();
  loop.post([&] { probe->leave([left] { left->set_value(); }); });
  left->get_future().wait_for(kPatience);
  std::promise<void> stopped;
  loop.post([&] {
    probe.reset();
    stopped.set_value();
  });
  stopped.get_future().wait();
  return result;
}

}  // namespace rtcpub
