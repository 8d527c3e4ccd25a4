#include "app/client/client.h"

#include <random>
#include <utility>

#include "app/client/clock_client.h"
#include "app/client/message_hold.h"
#include "core/codec.h"
#include "core/measure/seen_frame.h"
#include "log/log.h"

namespace rtcpub {
namespace {

constexpr std::size_t kMaxWaitingStates = 64;
constexpr std::chrono::seconds kStatsInterval{1};

const std::string kClockLabel{clock_sync::kLabel};

/// Clock messages that come late are worth nothing.
DataChannelOptions clockChannelOptions() {
  DataChannelOptions options;
  options.ordered = false;
  options.maxRetransmits = 0;
  return options;
}

std::string describe(const CodecMismatch& mismatch, Role role) {
  const std::string taken = listOf(mismatch.taken);
  if (role == Role::kSubscriber) {
    return "no picture: the publisher sends " + mismatch.sent +
           ", which this viewer does not take" + (taken.empty() ? "" : "; it takes " + taken);
  }
  const std::string viewers =
      mismatch.viewers == 1 ? "a viewer sees" : std::to_string(mismatch.viewers) + " viewers see";
  return viewers + " no picture: what is sent is " + mismatch.sent +
         (taken.empty() ? "" : ", what is taken is " + taken);
}

/// From 0 to below 1, other ones in each client.
std::function<double()> randomNumbers() {
  return [engine = std::minstd_rand(std::random_device()())]() mutable {
    return std::generate_canonical<double, 16>(engine);
  };
}

}  // namespace

ClientLinks realLinks() {
  return {.peer = peer::Peer::create,
          .server = [](net::EventLoop& loop, const ClientSetup& setup, SessionEvents events) {
            return dialSpider(loop, setup, std::move(events));
          }};
}

struct Client::Connection {
  Connection(Client& client, net::EventLoop& loop)
      : session(sessionOptions(client.setup_, client.channels_.openToViewers()), randomNumbers()),
        sessionTimer(loop),
        statsTimer(loop),
        hold(loop, client.channels_),
        clock(loop, [&client](const std::string& text) {
          if (auto* const peer = client.peer_.get()) peer->send(kClockLabel, Message(text));
        }) {}

  session::Session session;
  std::unique_ptr<ServerLink> server;
  net::EventLoop::Timer sessionTimer;
  net::EventLoop::Timer statsTimer;
  MessageHold hold;
  ClockClient clock;
};

Client::Client(ClientSetup setup, std::unique_ptr<ClientMedia> media, ClientLinks links)
    : setup_(std::move(setup)),
      links_(std::move(links)),
      media_(std::move(media)),
      states_(kMaxWaitingStates),
      viewers_(kMaxWaitingStates),
      peer_(loop_, *this, links_.peer),
      control_(loop_, peer_, channels_, [this](Time now) { return serverClock(now); }),
      loop_("rtcpub-signal") {}

Client::~Client() {
  control_.close();
  channels_.closeAll();
  states_.close();
  viewers_.close();
  media_->close();
}

Result<DataChannel> Client::addDataChannel(const std::string& label,
                                           const DataChannelOptions& options) {
  if (running_) {
    return fail(ErrorCode::kInvalidArgument,
                "data channel '" + label + "' comes too late: add it before run()");
  }
  return channels_.add(label, options);
}

Result<Control> Client::addControl(const ControlOptions& options,
                                   std::function<void(const std::string& motion)> turn) {
  if (running_) {
    return fail(ErrorCode::kInvalidArgument, "control comes too late: add it before run()");
  }
  return control_.addGate(options, std::move(turn));
}

DriverControl Client::control() { return control_.driver(running_); }

Stats Client::stats() const {
  Stats stats = stats_.latest();
  stats.control = control_.stats();
  return stats;
}

Result<void> Client::run(const std::stop_token& stop) {
  if (running_.exchange(true)) {
    return fail(ErrorCode::kInvalidArgument, "run() was called already: make a new client");
  }
  auto outcome = outcome_.get_future();
  loop_.post([this] {
    connection_ = std::make_unique<Connection>(*this, loop_);
    control_.begin();
    feed(session::Start{});
    everySecond();
  });
  const std::stop_callback onStop(
      stop, [this] { loop_.post([this] { feed(session::StopRequested{}); }); });
  return outcome.get();
}

// --- the session

void Client::feed(const session::Event& event) {
  if (!connection_) return;
  for (const session::Action& action : connection_->session.handle(event, monotonicNow())) {
    std::visit([this](const auto& chosen) { perform(chosen); }, action);
    if (!connection_) return;
  }
  armTimer();
}

void Client::feedLater(session::Event event) {
  loop_.post([this, event = std::move(event)] { feed(event); });
}

void Client::armTimer() {
  const auto deadline = connection_->session.deadline();
  if (!deadline) return connection_->sessionTimer.cancel();
  connection_->sessionTimer.set(*deadline, [this] { feed(session::TimePassed{}); });
}

Result<void> Client::makePeer() {
  if (auto made = peer_.make(peerOptions(setup_)); !made) return made;
  if (auto attached = media_->attach(*peer_.get()); !attached) return attached;
  if (auto opened = channels_.openOn(*peer_.get()); !opened) return opened;
  if (auto opened = control_.openOn(*peer_.get()); !opened) return opened;
  return peer_.get()->addChannel(kClockLabel, clockChannelOptions());
}

void Client::dropPeer() {
  connection_->clock.stop();
  channels_.disconnectAll();
  connection_->hold.onLost();
  if (peer_.get() == nullptr) return;
  showMismatch({});
  media_->detach();
  peer_.drop();
  control_.onPeerGone();
  channels_.onConnectionGone();
  stats_.onNewPeer();
}

void Client::perform(const session::MakePeer& /*action*/) {
  dropPeer();
  if (auto made = makePeer(); !made) {
    dropPeer();
    return feedLater(session::PeerFailed{made.error().message});
  }
  peer_.get()->createOffer();
}

void Client::perform(const session::MakeOffer& /*action*/) {
  if (auto* const peer = peer_.get()) peer->createOffer();
}

void Client::changeCodec(VideoCodec codec) {
  if (!connection_ || peer_.get() == nullptr) return;
  log().info("{} {}: the video is sent in {} from now on", name(setup_.join.role),
             setup_.join.channel, name(codec));
  peer_.get()->preferCodec(codec);
  feedLater(session::OfferAgain{});
}

void Client::perform(const session::RestartIce& /*action*/) {
  if (auto* const peer = peer_.get()) peer->restartIce();
}

void Client::perform(const session::RefreshPath& /*action*/) {
  if (auto* const peer = peer_.get()) peer->refreshPath();
}

void Client::perform(const session::Dial& /*action*/) {
  connection_->server = links_.server(loop_, setup_, [this](const session::Event& event) {
    const auto* const opened = std::get_if<session::SocketOpened>(&event);
    if (opened != nullptr) control_.onServer(opened->server);
    feed(event);
  });
}

void Client::perform(const session::Send& action) {
  if (connection_->server) connection_->server->send(action.what);
}

void Client::perform(const session::ApplyAnswer& action) {
  if (auto* const peer = peer_.get()) peer->applyAnswer(action.sdp);
}

void Client::perform(const session::ApplyOffer& action) {
  if (auto* const peer = peer_.get()) peer->applyOffer(action.sdp);
}

void Client::perform(const session::AddCandidate& action) {
  if (auto* const peer = peer_.get()) peer->addCandidate(action.candidate);
}

void Client::perform(const session::Report& action) {
  log().log(action.news ? spdlog::level::warn : spdlog::level::info, "{} {}: {}{}",
            name(setup_.join.role), setup_.join.channel, name(action.change.state),
            action.change.reason.empty() ? "" : " (" + action.change.reason + ")");
  stats_.onState(action.change);
  states_.push(action.change);
}

void Client::perform(const session::ShowMembers& action) {
  const auto& [publishers, subscribers] = action.members;
  if (stats_.onViewers(subscribers)) viewers_.push(subscribers);
  connection_->hold.onOthers(setup_.join.role == Role::kPublisher ? subscribers : publishers);
}

void Client::perform(const session::ShowCodecs& action) { showMismatch(action.report); }

void Client::showMismatch(const CodecReport& report) {
  const auto mismatch = media_->onCodecs(report);
  stats_.onMismatch(mismatch);
  feedLater(session::Noted{mismatch ? describe(*mismatch, setup_.join.role) : ""});
}

void Client::perform(const session::ShowNotice& action) {
  log().warn("{} {}: the server says: {} ({})", name(setup_.join.role), setup_.join.channel,
             action.notice.message, action.notice.code);
}

void Client::perform(const session::CutSocket& /*action*/) { connection_->server.reset(); }

void Client::perform(const session::HangUp& /*action*/) { dropPeer(); }

void Client::perform(const session::Finish& action) {
  if (!connection_->server) return finish(action.error);
  // The server is to know that this is on purpose.
  connection_->server->close([this, error = action.error] { finish(error); });
}

void Client::finish(const std::optional<Error>& error) {
  control_.finish();
  connection_.reset();
  channels_.endSending();
  // The waiting thread may destroy this client as soon as it has the outcome.
  if (error) {
    outcome_.set_value(tl::unexpected(*error));
  } else {
    outcome_.set_value({});
  }
}

// --- what the peer connection says, on the loop

void Client::onPeerEvent(session::Event event) {
  if (!connection_) return;
  if (std::holds_alternative<session::PeerConnected>(event)) {
    connection_->hold.onBack();
    channels_.setPathUp(true);
    control_.onPath(true);
  } else if (std::holds_alternative<session::PeerDisconnected>(event) ||
             std::holds_alternative<session::PathFailed>(event)) {
    channels_.setPathUp(false);
    control_.onPath(false);
  } else if (auto* const changed = std::get_if<session::NetworkChanged>(&event)) {
    log().debug("this machine's network has changed");
    changed->socketUsable = !connection_->server || connection_->server->hasLocalAddress();
  }
  feed(event);
}

void Client::onChannelOpen(const std::string& label) {
  if (!connection_) return;
  if (label == kClockLabel) return connection_->clock.start();
  if (control_.onChannelOpen(label)) return;
  auto* const channel = channels_.find(label);
  if (channel == nullptr) return;
  channel->connect(
      [peer = peer_.get(), label](const Message& message, const peer::Dispatch& dispatch) {
        return peer->send(label, message, dispatch);
      },
      monotonicNow());
  media_->onChannelOpen(label);
}

void Client::onPeersChannel(const std::string& label, const DataChannelOptions& options) {
  if (auto* const channel = channels_.find(label)) channel->onPeersOptions(options, monotonicNow());
}

std::optional<ClientControl::Clock> Client::serverClock(Time now) const {
  if (!connection_) return std::nullopt;
  const auto offset = connection_->clock.serverOffsetUs(now);
  const auto bound = connection_->clock.boundUs(now);
  if (!offset || !bound) return std::nullopt;
  return ClientControl::Clock{.offsetUs = *offset, .boundUs = *bound};
}

void Client::everySecond() {
  if (!connection_) return;
  connection_->statsTimer.set(monotonicNow() + kStatsInterval, [this] { everySecond(); });
  media_->onSecond();
  peer_.readCounters();
}

void Client::onCounters(const peer::PeerStats& counters) {
  if (!connection_) return;
  peer::PeerStats own = counters;
  if (const auto finer = connection_->clock.roundTripMs()) own.rttMs = finer;
  if (own.feedbackMissing && !std::exchange(warnedOfFeedback_, true)) {
    log().warn(
        "{} agreed to tell what arrives (transport-cc) and doesn't: the bandwidth is judged by "
        "losses alone, and a path that becomes narrow is noticed late",
        format(setup_.server));
  }
  stats_.onCounters(own, channels_.stats(), monotonicNow());
}

// --- the engine's threads: only post or push

void Client::onMessage(const std::string& label, Message message) {
  if (label == kClockLabel) {
    peer_.post([this, text = std::move(message.data), arrival = monotonicNow()] {
      if (!connection_) return;
      connection_->clock.onText(text, arrival);
      control_.onClock(monotonicNow());
    });
    return;
  }
  if (control_.onMessage(label, message)) return;
  media_->onMessage(label, message);
  if (auto* const channel = channels_.find(label)) channel->onMessage(message);
}

void Client::onMessageDone(const std::string& label, std::uint64_t id, bool delivered) {
  auto* const channel = channels_.find(label);
  if (channel == nullptr) return;
  if (delivered) return channel->onDelivered(id, monotonicNow());
  channel->onLost(id, monotonicNow());
}

void Client::onVideoFrame(const VideoFrame& frame) {
  control_.onVideoFrame(frame);
  loop_.post([this, seen = look(frame)] {
    if (!connection_) return;
    const auto offset = connection_->clock.publisherOffsetUs(monotonicNow());
    stats_.onFrame(seen.width, seen.height, seen.decoded, ageMs(seen, offset));
  });
  media_->onFrame(frame);
}

}  // namespace rtcpub
