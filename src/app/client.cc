#include "app/client.h"

#include <algorithm>
#include <utility>

#include "core/channel_id.h"
#include "core/stamp.h"
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

Result<void> checkRelays(const ClientSetup& setup) {
  const auto isTurn = [](const IceServer& server) { return server.url.starts_with("turn"); };
  if (!setup.relayOnly || std::any_of(setup.iceServers.begin(), setup.iceServers.end(), isTurn)) {
    return {};
  }
  return fail(ErrorCode::kInvalidArgument,
              "--relay-only: only ways through a TURN server may be used, but there is none; name "
              "one with --ice turn:USER:PASSWORD@HOST");
}

}  // namespace

Result<ClientSetup> checkConnection(const ConnectionOptions& options, spider::Role role) {
  ClientSetup setup{.server = {},
                    .request = {.role = role, .channel = options.channel},
                    .iceServers = {},
                    .caFile = options.caFile,
                    .insecure = options.insecure,
                    .lan = options.lan,
                    .relayOnly = options.relayOnly};
  if (auto checked = checkChannelId(options.channel); !checked) {
    return tl::unexpected(checked.error());
  }
  auto server = parseServerUrl(options.server);
  if (!server) return tl::unexpected(server.error());
  setup.server = *server;
  for (const std::string& text : options.iceServers) {
    auto iceServer = parseIceServer(text);
    if (!iceServer) return tl::unexpected(iceServer.error());
    setup.iceServers.push_back(*iceServer);
  }
  if (auto possible = checkRelays(setup); !possible) return tl::unexpected(possible.error());
  return setup;
}

struct Client::Connection {
  Connection(Client& client, net::EventLoop& loop)
      : session(format(client.setup_.server), client.setup_.request.channel),
        sessionTimer(loop),
        statsTimer(loop),
        clock(loop, [this](const std::string& text) {
          if (peer) peer->send(kClockLabel, Message(text));
        }) {}

  session::Session session;
  std::unique_ptr<peer::Peer> peer;
  std::unique_ptr<net::WebSocketClient> socket;
  net::EventLoop::Timer sessionTimer;
  net::EventLoop::Timer statsTimer;
  ClockClient clock;
};

Client::Client(ClientSetup setup, std::unique_ptr<ClientMedia> media)
    : setup_(std::move(setup)),
      media_(std::move(media)),
      states_(kMaxWaitingStates),
      loop_("rtcpub-signal") {}

Client::~Client() {
  channels_.closeAll();
  states_.close();
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

Result<void> Client::run(const std::stop_token& stop) {
  if (running_.exchange(true)) {
    return fail(ErrorCode::kInvalidArgument, "run() was called already: make a new client");
  }
  auto outcome = outcome_.get_future();
  loop_.post([this] {
    connection_ = std::make_unique<Connection>(*this, loop_);
    feed(session::Start{});
    pollStats();
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

void Client::armTimer() {
  const auto deadline = connection_->session.deadline();
  if (!deadline) return connection_->sessionTimer.cancel();
  connection_->sessionTimer.set(*deadline, [this] { feed(session::TimePassed{}); });
}

Result<void> Client::makePeer() {
  auto peer = peer::Peer::create({.iceServers = setup_.iceServers,
                                  .relayOnly = setup_.relayOnly,
                                  .caFile = setup_.caFile,
                                  .insecure = setup_.insecure,
                                  .lan = setup_.lan},
                                 *this);
  if (!peer) return tl::unexpected(peer.error());
  connection_->peer = std::move(*peer);
  if (auto attached = media_->attach(*connection_->peer); !attached) return attached;
  if (auto opened = channels_.openOn(*connection_->peer); !opened) return opened;
  return connection_->peer->addChannel(kClockLabel, clockChannelOptions());
}

void Client::perform(const session::CreateOffer& /*action*/) {
  if (auto made = makePeer(); !made) {
    loop_.post([this, reason = made.error().message] { feed(session::PeerFailed{reason}); });
    return;
  }
  connection_->peer->createOffer();
}

void Client::perform(const session::Dial& /*action*/) {
  connection_->socket = std::make_unique<net::WebSocketClient>(
      loop_,
      net::WebSocketClientOptions{.server = setup_.server,
                                  .target = spider::formatTarget(setup_.request),
                                  .caFile = setup_.caFile,
                                  .insecure = setup_.insecure},
      net::WebSocketClientEvents{
          .opened = [this] { feed(session::SocketOpened{}); },
          .failed = [this](Error error) { feed(session::SocketFailed{std::move(error)}); },
          .text = [this](std::string text) { feed(session::TextReceived{std::move(text)}); },
          .closed =
              [this](std::string reason) { feed(session::SocketClosed{std::move(reason)}); }});
}

void Client::perform(const session::Send& action) {
  if (connection_->socket) connection_->socket->send(spider::format(action.message));
}

void Client::perform(const session::ApplyAnswer& action) {
  if (connection_->peer) connection_->peer->applyAnswer(action.sdp);
}

void Client::perform(const session::ApplyOffer& action) {
  if (connection_->peer) connection_->peer->applyOffer(action.sdp);
}

void Client::perform(const session::AddCandidate& action) {
  if (connection_->peer) connection_->peer->addCandidate(action.candidate);
}

void Client::perform(const session::Report& action) {
  log().info("{} {}: {}{}",
             setup_.request.role == spider::Role::kPublisher ? "publisher" : "subscriber",
             setup_.request.channel, name(action.change.state),
             action.change.reason.empty() ? "" : " (" + action.change.reason + ")");
  stats_.onState(action.change);
  states_.push(action.change);
}

void Client::perform(const session::Viewers& action) { stats_.onViewers(action.count); }

void Client::perform(const session::HangUp& /*action*/) {
  connection_->clock.stop();
  connection_->socket.reset();
  channels_.disconnectAll();
  if (connection_->peer) media_->detach();
  connection_->peer.reset();
}

void Client::perform(const session::Finish& action) {
  perform(session::HangUp{});
  connection_.reset();
  // The waiting thread may destroy this client as soon as it has the outcome.
  if (action.error) {
    outcome_.set_value(tl::unexpected(*action.error));
  } else {
    outcome_.set_value({});
  }
}

// --- the engine's threads: only post or push

void Client::onOffer(std::string sdp) {
  loop_.post([this, sdp = std::move(sdp)] { feed(session::OfferReady{sdp}); });
}

void Client::onAnswer(std::string sdp) {
  loop_.post([this, sdp = std::move(sdp)] { feed(session::AnswerReady{sdp}); });
}

void Client::onAnswerApplied() {
  loop_.post([this] { feed(session::AnswerApplied{}); });
}

void Client::onCandidate(spider::Candidate candidate) {
  loop_.post(
      [this, candidate = std::move(candidate)] { feed(session::CandidateFound{candidate}); });
}

void Client::onConnected() {
  loop_.post([this] { feed(session::PeerConnected{}); });
}

void Client::onDisconnected() {
  loop_.post([this] { feed(session::PeerDisconnected{}); });
}

void Client::onFailed(std::string reason) {
  loop_.post([this, reason = std::move(reason)] { feed(session::PeerFailed{reason}); });
}

void Client::onChannelOpen(const std::string& label) {
  loop_.post([this, label] { connectChannel(label); });
}

void Client::onMessage(const std::string& label, Message message) {
  if (label == kClockLabel) {
    loop_.post([this, text = std::move(message.data), arrival = monotonicNow()] {
      if (connection_) connection_->clock.onText(text, arrival);
    });
    return;
  }
  media_->onMessage(label, message);
  if (auto* channel = channels_.find(label)) channel->onMessage(message);
}

void Client::onChannelWritable(const std::string& label) {
  loop_.post([this, label] {
    if (auto* channel = channels_.find(label)) channel->flush();
  });
}

void Client::onVideoFrame(VideoFrame frame) {
  // The stamp is read here, so that the picture need not be kept for it.
  const auto stamp =
      stamp::readAdapted(frame.planes[0].data, frame.planes[0].stride, frame.width, frame.height);
  loop_.post([this, width = frame.width, height = frame.height, time = frame.time,
              us = stamp ? std::optional(stamp->timeUs) : std::nullopt] {
    measureFrame(width, height, time, us);
  });
  media_->onFrame(frame);
}

// --- on the loop again

void Client::connectChannel(const std::string& label) {
  if (!connection_ || !connection_->peer) return;
  if (label == kClockLabel) return connection_->clock.start();
  if (auto* channel = channels_.find(label)) {
    channel->connect([peer = connection_->peer.get(), label](const Message& message) {
      return peer->send(label, message);
    });
    media_->onChannelOpen(label);
  }
}

void Client::measureFrame(int width, int height, Time decoded,
                          std::optional<std::uint32_t> stampUs) {
  if (!connection_) return;
  std::optional<double> ageMs;
  const auto offset = connection_->clock.publisherOffsetUs(monotonicNow());
  if (stampUs && offset) {
    const std::int64_t publisherNow = decoded.time_since_epoch().count() + *offset;
    // Signed: with two clocks compared over a short path a tiny age can come out below nothing.
    ageMs =
        static_cast<std::int32_t>(stamp::ageUs({.frame = 0, .timeUs = *stampUs}, publisherNow)) /
        1000.0;
  }
  stats_.onFrame(width, height, decoded, ageMs);
}

void Client::pollStats() {
  if (!connection_) return;
  connection_->statsTimer.set(monotonicNow() + kStatsInterval, [this] { pollStats(); });
  media_->onSecond();
  if (!connection_->peer) return;
  connection_->peer->stats([this](peer::PeerStats counters) {
    loop_.post([this, counters = std::move(counters)]() mutable {
      if (!connection_) return;
      if (const auto finer = connection_->clock.roundTripMs()) counters.rttMs = finer;
      stats_.onCounters(counters, channels_.stats(), monotonicNow());
    });
  });
}

}  // namespace rtcpub
