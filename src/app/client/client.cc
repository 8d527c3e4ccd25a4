#include "app/client/client.h"

#include <algorithm>
#include <random>
#include <utility>

#include "core/hub/channel_id.h"
#include "core/measure/stamp.h"
#include "core/session/comeback.h"
#include "log/log.h"

namespace rtcpub {
namespace {

constexpr std::size_t kMaxWaitingStates = 64;
constexpr std::chrono::seconds kStatsInterval{1};
/// How long candidates are waited for after the first: a STUN server's answer takes a while, this
/// machine's addresses come at once.
constexpr std::chrono::milliseconds kGathering{1000};
constexpr std::chrono::milliseconds kLocalGathering{200};

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
              "relayOnly: only ways through a TURN server may be used, but there is none; name "
              "one by iceServers turn:USER:PASSWORD@HOST");
}

session::Options sessionOptions(const ClientSetup& setup) {
  return {.server = format(setup.server),
          .channel = setup.request.channel,
          .trickle = setup.trickle,
          .relayOnly = setup.relayOnly,
          .gathering = setup.iceServers.empty() ? kLocalGathering : kGathering,
          .maxRetryTime = setup.maxRetryTime,
          .failFast = setup.failFast};
}

std::string_view name(spider::Role role) {
  return role == spider::Role::kPublisher ? "publisher" : "subscriber";
}

std::string describe(const CodecMismatch& mismatch, spider::Role role) {
  const std::string taken = listOf(mismatch.taken);
  if (role == spider::Role::kSubscriber) {
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

/// What was asked for; nothing if nothing was.
Result<std::optional<KeyFingerprint>> fingerprintFor(const ServerUrl& server,
                                                     const std::string& text) {
  if (text.empty()) return std::nullopt;
  auto fingerprint = parseKeyFingerprint(text);
  if (!fingerprint) return tl::unexpected(fingerprint.error());
  if (!server.tls) {
    return fail(ErrorCode::kInvalidArgument,
                "a fingerprint needs TLS, which shows one: call the server by wss://");
  }
  return *fingerprint;
}

}  // namespace

Result<ClientSetup> checkConnection(const ConnectionOptions& options, spider::Role role) {
  ClientSetup setup{.server = {},
                    .request = {.role = role, .channel = options.channel},
                    .iceServers = {},
                    .caFile = options.caFile,
                    .fingerprint = {},
                    .insecure = options.insecure,
                    .lan = options.lan,
                    .relayOnly = options.relayOnly,
                    .trickle = options.trickle,
                    .maxRetryTime = options.maxRetryTime,
                    .failFast = options.failFast};
  if (auto checked = checkChannelId(options.channel); !checked) {
    return tl::unexpected(checked.error());
  }
  auto server = parseServerUrl(options.server);
  if (!server) return tl::unexpected(server.error());
  setup.server = *server;
  auto fingerprint = fingerprintFor(*server, options.fingerprint);
  if (!fingerprint) return tl::unexpected(fingerprint.error());
  setup.fingerprint = *fingerprint;
  for (const std::string& text : options.iceServers) {
    auto iceServer = parseIceServer(text);
    if (!iceServer) return tl::unexpected(iceServer.error());
    setup.iceServers.push_back(*iceServer);
  }
  if (auto possible = checkRelays(setup); !possible) return tl::unexpected(possible.error());
  if (options.maxRetryTime && options.maxRetryTime->count() < 0) {
    return fail(ErrorCode::kInvalidArgument, "the longest time to retry can't be below 0");
  }
  return setup;
}

struct Client::Connection {
  Connection(Client& client, net::EventLoop& loop)
      : session(sessionOptions(client.setup_), randomNumbers()),
        sessionTimer(loop),
        statsTimer(loop),
        holdTimer(loop),
        clock(loop, [this](const std::string& text) {
          if (peer) peer->send(kClockLabel, Message(text));
        }) {}

  session::Session session;
  std::unique_ptr<peer::Peer> peer;
  std::unique_ptr<net::WebSocketClient> socket;
  net::EventLoop::Timer sessionTimer;
  net::EventLoop::Timer statsTimer;
  net::EventLoop::Timer holdTimer;
  Comeback comeback;
  ClockClient clock;
};

Client::Client(ClientSetup setup, std::unique_ptr<ClientMedia> media)
    : setup_(std::move(setup)),
      media_(std::move(media)),
      states_(kMaxWaitingStates),
      viewers_(kMaxWaitingStates),
      loop_("rtcpub-signal") {}

Client::~Client() {
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

void Client::dropPeer() {
  connection_->clock.stop();
  channels_.disconnectAll();
  connection_->comeback.onLost();
  updateHold();
  if (!connection_->peer) return;
  showMismatch({});
  media_->detach();
  connection_->peer.reset();
  channels_.onConnectionGone();
  ++peers_;  // what the old one's threads have posted counts no more
  stats_.onNewPeer();
}

void Client::perform(const session::MakePeer& /*action*/) {
  dropPeer();
  if (auto made = makePeer(); !made) {
    dropPeer();
    loop_.post([this, reason = made.error().message] { feed(session::PeerFailed{reason}); });
    return;
  }
  connection_->peer->createOffer();
}

void Client::perform(const session::MakeOffer& /*action*/) {
  if (connection_->peer) connection_->peer->createOffer();
}

void Client::changeCodec(VideoCodec codec) {
  if (!connection_ || !connection_->peer) return;
  log().info("{} {}: the video is sent in {} from now on", name(setup_.request.role),
             setup_.request.channel, spider::name(codec));
  connection_->peer->preferCodec(codec);
  loop_.post([this] { feed(session::OfferAgain{}); });
}

void Client::perform(const session::RestartIce& /*action*/) {
  if (connection_->peer) connection_->peer->restartIce();
}

void Client::perform(const session::RefreshPath& /*action*/) {
  if (connection_->peer) connection_->peer->refreshPath();
}

void Client::perform(const session::Dial& /*action*/) {
  connection_->socket = std::make_unique<net::WebSocketClient>(
      loop_,
      net::WebSocketClientOptions{.server = setup_.server,
                                  .target = spider::formatTarget(setup_.request),
                                  .caFile = setup_.caFile,
                                  .insecure = setup_.insecure,
                                  .fingerprint = setup_.fingerprint},
      net::WebSocketClientEvents{
          .opened = [this](ServerFeatures server) { feed(session::SocketOpened{server}); },
          .failed =
              [this](net::ConnectFailure failure) {
                feed(session::SocketFailed{std::move(failure.error), failure.heard});
              },
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
  log().log(action.news ? spdlog::level::warn : spdlog::level::info, "{} {}: {}{}",
            name(setup_.request.role), setup_.request.channel, name(action.change.state),
            action.change.reason.empty() ? "" : " (" + action.change.reason + ")");
  stats_.onState(action.change);
  states_.push(action.change);
}

void Client::perform(const session::Members& action) {
  if (stats_.onViewers(action.subscribers)) viewers_.push(action.subscribers);
  const bool robot = setup_.request.role == spider::Role::kPublisher;
  connection_->comeback.onOthers(robot ? action.subscribers : action.publishers, monotonicNow());
  updateHold();
}

void Client::perform(const session::ShowCodecs& action) { showMismatch(action.report); }

void Client::showMismatch(const CodecReport& report) {
  const auto mismatch = media_->onCodecs(report);
  const std::string note = mismatch ? describe(*mismatch, setup_.request.role) : "";
  stats_.onMismatch(mismatch);
  loop_.post([this, note] { feed(session::Noted{note}); });
}

void Client::perform(const session::CutSocket& /*action*/) { connection_->socket.reset(); }

void Client::perform(const session::HangUp& /*action*/) { dropPeer(); }

void Client::perform(const session::Finish& action) {
  if (!connection_->socket) return finish(action.error);
  // The server is to know that this is on purpose.
  connection_->socket->close([this, error = action.error] { finish(error); });
}

void Client::finish(const std::optional<Error>& error) {
  connection_.reset();
  channels_.endSending();
  // The waiting thread may destroy this client as soon as it has the outcome.
  if (error) {
    outcome_.set_value(tl::unexpected(*error));
  } else {
    outcome_.set_value({});
  }
}

// --- the engine's threads: only post or push

template <class Task>
void Client::postOfPeer(Task task) {
  loop_.post([this, peer = peers_.load(), task = std::move(task)]() mutable {
    if (connection_ && peer == peers_) task();
  });
}

void Client::feedOfPeer(session::Event event) {
  postOfPeer([this, event = std::move(event)] { feed(event); });
}

void Client::onOffer(std::string sdp) { feedOfPeer(session::OfferReady{std::move(sdp)}); }

void Client::onAnswer(std::string sdp) { feedOfPeer(session::AnswerReady{std::move(sdp)}); }

void Client::onAnswerApplied() { feedOfPeer(session::AnswerApplied{}); }

void Client::onCandidate(spider::Candidate candidate) {
  feedOfPeer(session::CandidateFound{std::move(candidate)});
}

void Client::onConnected() {
  postOfPeer([this] {
    connection_->comeback.onBack(monotonicNow());
    updateHold();
    channels_.setPathUp(true);
    feed(session::PeerConnected{});
  });
}

void Client::onDisconnected() {
  postOfPeer([this] {
    channels_.setPathUp(false);
    feed(session::PeerDisconnected{});
  });
}

void Client::onPathFailed(std::string reason) {
  postOfPeer([this, reason = std::move(reason)] {
    channels_.setPathUp(false);
    feed(session::PathFailed{reason});
  });
}

void Client::onIceServerFailed(std::string reason) {
  feedOfPeer(session::IceServerFailed{std::move(reason)});
}

void Client::onFailed(std::string reason) { feedOfPeer(session::PeerFailed{std::move(reason)}); }

void Client::onNetworkChanged() {
  postOfPeer([this] {
    log().debug("this machine's network has changed");
    const auto& socket = connection_->socket;
    feed(session::NetworkChanged{!socket || socket->hasLocalAddress()});
  });
}

void Client::onChannelOpen(const std::string& label) {
  postOfPeer([this, label] { connectChannel(label); });
}

void Client::onMessage(const std::string& label, Message message) {
  if (label == kClockLabel) {
    postOfPeer([this, text = std::move(message.data), arrival = monotonicNow()] {
      connection_->clock.onText(text, arrival);
    });
    return;
  }
  media_->onMessage(label, message);
  if (auto* channel = channels_.find(label)) channel->onMessage(message);
}

void Client::onPeersChannel(const std::string& label, const DataChannelOptions& options) {
  postOfPeer([this, label, options] {
    if (auto* channel = channels_.find(label)) channel->onPeersOptions(options, monotonicNow());
  });
}

/// Not posted: what isn't told before the peer ends is sent again.
void Client::onMessageDone(const std::string& label, std::uint64_t id, bool delivered) {
  auto* channel = channels_.find(label);
  if (channel == nullptr) return;
  if (delivered) return channel->onDelivered(id, monotonicNow());
  channel->onLost(id, monotonicNow());
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

void Client::updateHold() {
  const Time now = monotonicNow();
  const bool held = connection_->comeback.waiting(now);
  channels_.setHeld(held);
  const auto deadline = connection_->comeback.deadline();
  if (!held || !deadline) return connection_->holdTimer.cancel();
  connection_->holdTimer.set(*deadline, [this] {
    if (connection_) updateHold();
  });
}

void Client::connectChannel(const std::string& label) {
  if (!connection_ || !connection_->peer) return;
  if (label == kClockLabel) return connection_->clock.start();
  if (auto* channel = channels_.find(label)) {
    channel->connect(
        [peer = connection_->peer.get(), label](const Message& message,
                                                const peer::Dispatch& dispatch) {
          return peer->send(label, message, dispatch);
        },
        monotonicNow());
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
    postOfPeer([this, counters = std::move(counters)] { onCounters(counters); });
  });
}

void Client::onCounters(peer::PeerStats counters) {
  if (const auto finer = connection_->clock.roundTripMs()) counters.rttMs = finer;
  if (counters.feedbackMissing && !std::exchange(warnedOfFeedback_, true)) {
    log().warn(
        "{} agreed to tell what arrives (transport-cc) and doesn't: the bandwidth is judged by "
        "losses alone, and a path that becomes narrow is noticed late",
        format(setup_.server));
  }
  stats_.onCounters(counters, channels_.stats(), monotonicNow());
}

}  // namespace rtcpub
