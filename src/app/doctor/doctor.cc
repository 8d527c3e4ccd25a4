#include "rtcpub/doctor.h"

#include <algorithm>
#include <future>
#include <random>
#include <utility>

#include "app/client/client.h"
#include "app/doctor/media_address_probe.h"
#include "app/doctor/trial_publication.h"
#include "core/address/link_local.h"
#include "core/doctor/access.h"
#include "core/doctor/diagnosis.h"
#include "core/ice/ice_api.h"
#include "net/resolve.h"
#include "net/server_probe.h"
#include "net/stun_probe.h"
#include "peer/relay_probe.h"

namespace rtcpub {
namespace {

using std::chrono::milliseconds;

// Each check's own limit.
constexpr milliseconds kNameLimit{5000};
constexpr milliseconds kServerLimit{5000};
constexpr milliseconds kStunLimit{3000};
constexpr milliseconds kRelayLimit{6000};
constexpr milliseconds kMtuLimit{1500};

constexpr const char* kNotReached = "The server can't be reached by TCP.";
constexpr const char* kNotLetIn = "The server doesn't let this client do it: see token.";

/// More addresses of one server are not asked.
constexpr std::size_t kMostAddresses = 8;

std::int64_t unixNow() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

std::string ownChannel() {
  std::random_device random;
  return "doctor-" + std::to_string(random()) + "-" + std::to_string(random());
}

/// Link-local addresses are on the interface that leads to the server; where none is known, they
/// can't be asked.
std::vector<stun::Endpoint> reachedBy(std::vector<stun::Endpoint> media,
                                      const std::string& server) {
  const std::string zone(zoneOf(server));
  if (zone.empty()) {
    std::erase_if(media, [](const auto& each) { return isLinkLocalIpv6(each.address); });
    return media;
  }
  for (auto& each : media) {
    if (isLinkLocalIpv6(each.address)) each.address += '%' + zone;
  }
  return media;
}

/// The checks of one diagnosis, in the order in which the table shows them. Runs on: the thread
/// that calls diagnose().
class Doctor {
 public:
  Doctor(DoctorOptions options, ClientSetup setup,
         const std::function<void(const Check&)>& progress, const std::stop_token& stop)
      : options_(std::move(options)), setup_(std::move(setup)), progress_(progress), stop_(stop) {}

  Diagnosis run() {
    using Step = void (Doctor::*)();
    for (const Step step : {&Doctor::lookUp, &Doctor::reach, &Doctor::askAccess, &Doctor::signal,
                            &Doctor::askForOwnRelays, &Doctor::askStunServers, &Doctor::askRelays,
                            &Doctor::publish, &Doctor::judgePaths, &Doctor::lookAtDevices}) {
      if (stop_.stop_requested()) break;
      (this->*step)();
    }
    diagnosis_.obstacles = doctor::obstaclesIn(diagnosis_.checks);
    if (stop_.stop_requested()) diagnosis_.obstacles.emplace_back("interrupted");
    return std::move(diagnosis_);
  }

 private:
  void tell(Check check) {
    if (progress_) progress_(check);
    diagnosis_.checks.push_back(std::move(check));
  }

  void lookUp() {
    const auto found = net::resolve(setup_.server.host, kNameLimit);
    if (found) addresses_ = found->addresses;
    tell(doctor::judgeName(setup_.server, found));
  }

  [[nodiscard]] net::ServerFinding ask(const std::string& target) const {
    return net::probeServer({.server = setup_.server,
                             .addresses = addresses_,
                             .caFile = setup_.caFile,
                             .fingerprint = setup_.fingerprint,
                             .target = target,
                             .token = setup_.token,
                             .insecure = setup_.insecure,
                             .limit = kServerLimit});
  }

  void reach() {
    if (addresses_.empty()) {
      for (const auto* const each : {"tcp", "tls"}) {
        tell(doctor::notChecked(each, "The server's address is not known."));
      }
      return tell(doctor::judgeClock(unixNow(), std::nullopt));
    }
    const auto found = ask("/healthz");
    tell(doctor::judgeTcp(setup_.server, found.tcp));
    reachable_ = found.tcp.has_value();
    tellTls(found);
    const bool answered = found.http && *found.http;
    tell(doctor::judgeClock(unixNow(), answered ? (*found.http)->date : std::nullopt));
  }

  void tellTls(const net::ServerFinding& found) {
    if (!setup_.server.tls) {
      return tell(doctor::notChecked("tls", "The server is asked without TLS (ws://)."));
    }
    if (!found.tls) return tell(doctor::notChecked("tls", "There is no TCP connection for it."));
    tell(doctor::judgeTls(*found.tls, setup_.insecure, unixNow()));
    // What is still to be looked at is no secret: it shall not hide behind the certificate.
    if (*found.tls && !(*found.tls)->problem.empty()) {
      // The token is.
      if (!setup_.insecure) {
        withheld_ = !setup_.token.empty();
        options_.token.clear();
        setup_.token.clear();
      }
      options_.insecure = setup_.insecure = true;
      options_.fingerprint.clear();
      setup_.fingerprint.reset();
    }
  }

  void askAccess() {
    if (!reachable_) return tell(doctor::notChecked("token", kNotReached));
    const auto asked = ask("/api/access?channel=" + setup_.join.channel).http;
    Result<doctor::AccessFinding> found =
        fail(ErrorCode::kUnreachable, "the server doesn't answer when it is asked");
    if (asked && *asked) found = doctor::readAccess((*asked)->status, (*asked)->body);
    closed_ = found && (found->status == 401 || found->status == 403);
    if (found) rights_ = found->rights;
    if (closed_ && withheld_) {
      return tell(doctor::notChecked(
          "token", "It isn't shown to a server whose certificate isn't trusted: see tls."));
    }
    tell(doctor::judgeAccess(found, !setup_.token.empty(), unixNow()));
  }

  void signal() {
    if (!reachable_) return tell(doctor::notChecked("websocket", kNotReached));
    if (closed_) return tell(doctor::notChecked("websocket", kNotLetIn));
    auto setup = setup_;
    // As who disturbs nobody, if that is allowed; a publisher's offer alone takes no channel,
    // either.
    const bool maySee = rights_.empty() || rights_.has(Right::kView);
    setup.join.role = maySee ? Role::kSubscriber : Role::kPublisher;
    auto found = askMediaAddresses(setup, kServerLimit);
    if (found) media_ = reachedBy(*found, setup_.server.host);
    if (media_.size() > kMostAddresses) media_.resize(kMostAddresses);
    tell(doctor::judgeSignalling(found));
  }

  void askForOwnRelays() {
    // Its host would have to be named without the interface, as which the engine can't ask it.
    if (!reachable_ || closed_ || !zoneOf(setup_.server.host).empty()) return;
    const auto found = ask("/api/ice");
    if (!found.http || !*found.http || (*found.http)->status != 200) return;
    answersStun_ = true;  // it is a server of ours that is new enough
    if (auto servers = parseIceAnswer((*found.http)->body)) own_ = std::move(*servers);
  }

  /// Where an ICE server is asked by UDP.
  static std::vector<stun::Endpoint> endpointsOf(const IceServer& server) {
    std::vector<stun::Endpoint> endpoints;
    const auto address = addressOf(server);
    if (!address || !isUdp(server)) return endpoints;
    const auto found = net::resolve(address->host, kNameLimit);
    if (!found) return endpoints;
    for (const auto& each : found->addresses) endpoints.push_back({each, *address->port});
    return endpoints;
  }

  /// All are asked at once: comparing their answers tells the NAT's kind.
  void askStunServers() {
    std::vector<stun::Endpoint> all = media_;
    std::vector<std::pair<IceServer, std::vector<stun::Endpoint>>> named;
    for (const auto* const servers : {&setup_.iceServers, &own_}) {
      for (const auto& server : *servers) {
        named.emplace_back(server, endpointsOf(server));
        all.insert(all.end(), named.back().second.begin(), named.back().second.end());
      }
    }
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    stun_ = net::askStun(all, kStunLimit);
    for (const auto& [server, endpoints] : named) {
      if (server.url.starts_with("stun:")) tell(doctor::judgeStun(server, answersOf(endpoints)));
    }
  }

  [[nodiscard]] std::vector<doctor::StunFinding> answersOf(
      const std::vector<stun::Endpoint>& servers) const {
    std::vector<doctor::StunFinding> found;
    for (const auto& each : stun_) {
      if (std::ranges::count(servers, each.server) > 0) found.push_back(each);
    }
    return found;
  }

  /// At the same time: one that is dead takes its whole limit.
  void askRelays() {
    std::vector<std::future<Check>> checks;
    for (const bool own : {false, true}) {
      for (const auto& server : own ? own_ : setup_.iceServers) {
        if (!server.url.starts_with("turn")) continue;
        checks.push_back(std::async(std::launch::async, [this, own, &server] {
          auto found = peer::probeRelay(
              {.iceServers = {server}, .caFile = setup_.caFile, .insecure = setup_.insecure},
              kRelayLimit);
          if (!found) found = doctor::RelayFinding{.problem = found.error().message};
          return doctor::judgeRelay(server, own, *found);
        }));
      }
    }
    for (auto& check : checks) tell(check.get());
  }

  void publish() {
    const bool mayNot = closed_ || (!rights_.empty() && !rights_.has(Right::kPublish));
    if (!reachable_ || mayNot) {
      for (const auto* const each : {"media", "bandwidth", "rtt"}) {
        tell(doctor::notChecked(each, reachable_ ? kNotLetIn : kNotReached));
      }
      return;
    }
    const auto found = publishTestPicture(options_, options_.measure, stop_);
    tell(doctor::judgeMedia(found));
    connects_ = found && found->connected;
    tell(doctor::judgeBandwidth(found.value_or(doctor::MediaFinding{})));
    tell(doctor::judgeRoundTrip(found.value_or(doctor::MediaFinding{})));
  }

  void judgePaths() {
    const auto answers = answersOf(media_);
    tell(doctor::judgeUdp(answers, connects_, answersStun_));
    tell(doctor::judgeNat(stun_));
    const auto alive =
        std::ranges::find_if(answers, [](auto& each) { return each.rttMs.has_value(); });
    tell(doctor::judgeMtu(alive == answers.end() ? std::nullopt
                                                 : net::pathMtu(alive->server, kMtuLimit)));
  }

  void lookAtDevices() {
    const Devices devices = listDevices();
    tell(doctor::judgeCameras(devices));
    tell(doctor::judgeEncoders(devices));
  }

  DoctorOptions options_;
  ClientSetup setup_;
  const std::function<void(const Check&)>& progress_;
  const std::stop_token& stop_;

  std::vector<std::string> addresses_;
  bool reachable_ = false;  // by TCP
  bool withheld_ = false;   // there is a token, which this server isn't shown
  bool closed_ = false;     // the server doesn't let this client in
  Rights rights_;           // none: it doesn't tell
  std::vector<stun::Endpoint> media_;
  bool answersStun_ = false;
  std::vector<IceServer> own_;
  std::vector<doctor::StunFinding> stun_;
  bool connects_ = false;
  Diagnosis diagnosis_;
};

}  // namespace

Result<Diagnosis> diagnose(const DoctorOptions& options,
                           const std::function<void(const Check&)>& progress,
                           const std::stop_token& stop) {
  if (options.measure < std::chrono::seconds(1) || options.measure > std::chrono::minutes(1)) {
    return fail(ErrorCode::kInvalidArgument, "the bandwidth can be measured for 1 to 60 s");
  }
  auto chosen = options;
  if (chosen.channel.empty()) chosen.channel = ownChannel();
  auto setup = checkConnection(chosen, Role::kPublisher);
  if (!setup) return tl::unexpected(setup.error());
  if (auto trusted = net::checkCaFile(options.caFile); !trusted) {
    return tl::unexpected(trusted.error());
  }
  return Doctor(std::move(chosen), std::move(*setup), progress, stop).run();
}

}  // namespace rtcpub
