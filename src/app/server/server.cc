#include "rtcpub/server.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <iterator>
#include <mutex>
#include <optional>
#include <utility>

#include "app/server/console.h"
#include "app/server/health.h"
#include "app/server/ice_servers.h"
#include "app/server/memory_return.h"
#include "app/server/server_identity.h"
#include "app/server/spider_door.h"
#include "core/address/host_port.h"
#include "core/address/link_local.h"
#include "core/address/listen_address.h"
#include "core/address/reachable_hosts.h"
#include "log/log.h"
#include "net/event_loop.h"
#include "net/http_rules.h"
#include "net/own_hosts.h"
#include "net/web_server.h"
#include "net/zone.h"
#include "sfu/media_server.h"

namespace rtcpub {
namespace {

/// What clients of this server must know it by: `{"fingerprint":"sha256:…"}`, or null where systems
/// trust its certificate.
net::HttpResponse identityResponse(const std::string& toPin) {
  return {
      .body = toPin.empty() ? R"({"fingerprint":null})" : R"({"fingerprint":")" + toPin + R"("})",
      .headers = {{"Cache-Control", "no-store"}}};
}

/// Whether only programs on this machine are to reach it: it listens on loopback, and nothing says
/// that clients come from elsewhere all the same, as by a proxy on this machine.
bool isForThisMachine(const ServerOptions& options, const ListenAddress& listen) {
  return listen.loopback() && options.publicIps.empty() && options.trustedProxies.empty() &&
         options.names.empty();
}

/// What is asked for over HTTP, apart from WebSockets.
net::HttpResponse respond(const SpiderDoor& signalling, const sfu::MediaServer& media,
                          const net::HttpRequest& request) {
  const std::string_view path =
      std::string_view(request.target).substr(0, request.target.find('?'));
  if (request.method != "GET")
    return net::errorResponse(405, "only GET and HEAD are possible here");
  if (path == "/healthz") return healthResponse(media.late());
  if (path == "/api/channels") {
    return {.body = signalling.channelsJson(), .headers = {{"Cache-Control", "no-store"}}};
  }
  if (auto socket = spider::parseTarget(request.target); socket) {
    auto response = net::errorResponse(
        426, std::string(path) +
                 " is for WebSockets; a proxy in between must pass on the headers Upgrade and "
                 "Connection, by HTTP/1.1");
    response.headers.emplace_back("Upgrade", "websocket");
    return response;
  } else if (socket.error().code == ErrorCode::kInvalidArgument) {
    return net::errorResponse(400, socket.error().message);
  }
  return consoleResponse(path);
}

}  // namespace

/// Runs on: the signalling loop, but for what the public functions say.
class Server::Impl {
 public:
  explicit Impl(ServerOptions given)
      : options(std::move(given)), loop("rtcpub-signal"), signalling(loop), memory(loop) {}

  ~Impl() {
    stop();
    // Sockets first, since they call the signalling; then the media plane, which posts to the loop.
    web.reset();
    media.reset();
    // What it posted may still be on its way.
    onLoop([] {});
  }

  Result<void> open() {
    auto parsed = parseListenAddress(options.listen);
    if (!parsed) return tl::unexpected(parsed.error());
    address = *parsed;
    identity.emplace(options, !address.loopback());
    // The media first: what they refuse as an address shall not get into the certificate.
    if (auto opened = openMedia(); !opened) return opened;
    if (auto loaded = identity->load(); !loaded) return loaded;
    return openWeb();
  }

  Result<void> openMedia() {
    auto opened = sfu::MediaServer::create(
        {.port = options.mediaPort,
         .publicIps = options.publicIps,
         .thisMachineOnly = isForThisMachine(options, address)},
        {.connected = {},
         .published =
             [this](MemberId id) { loop.post([this, id] { signalling.onPublished(id); }); },
         .presence =
             [this](MemberId id, bool present) {
               loop.post([this, id, present] { signalling.onPresence(id, present); });
             },
         .codecs =
             [this](MemberId id, const CodecReport& report) {
               loop.post([this, id, report] { signalling.onCodecs(id, report); });
             },
         .gone =
             [this](MemberId id, bool closed, const std::string& reason) {
               loop.post(
                   [this, id, closed, reason] { signalling.onMediaGone(id, closed, reason); });
             }});
    if (!opened) return tl::unexpected(opened.error());
    media = std::move(*opened);
    onLoop([this] {
      signalling.start(*media);
      memory.start();
    });
    return {};
  }

  Result<void> openWeb() {
    const net::Certificate certificate = identity->certificate();
    auto opened = net::WebServer::listen(
        loop,
        {.listenAddress = address.address,
         .port = address.port,
         .certificatePem = certificate.certificatePem,
         .privateKeyPem = certificate.privateKeyPem,
         .trustedProxies = options.trustedProxies,
         .names = options.names,
         .maxMessageBytes = 512U << 10U,  // signalling says what is wrong with more than 128 KiB
         .features = {.flexfec = true}},
        {.http = [this](const net::HttpRequest& request) { return answer(request); },
         .webSocket = [this](const net::HttpRequest& request) { return signalling.admit(request); },
         .other =
             [this](net::OtherConnection other) {
               media->takeStream(other.descriptor, std::move(other.received));
             }});
    if (!opened) return tl::unexpected(opened.error());
    web = std::move(*opened);
    address.port = web->port();
    const auto served = media->serveBeside(std::string(withoutZone(address.address)), address.port,
                                           net::interfaceOf(address.address).value_or(0));
    if (!served) log().warn("TURN by UDP is left out: {}", served.error().message);
    turnUdpPort = served ? address.port : std::uint16_t{0};
    turnTcpPort = address.port;
    return {};
  }

  net::HttpResponse answer(const net::HttpRequest& request) const {
    if (request.method == "GET" && request.target == "/api/ice") {
      return {.body = iceServers(request), .headers = {{"Cache-Control", "no-store"}}};
    }
    if (request.method == "GET" && request.target == "/api/identity") {
      // A proxy has a certificate of its own.
      return identityResponse(request.proxied ? "" : identity->toPin());
    }
    return respond(signalling, *media, request);
  }

  /// With credentials of its own for each who asks.
  [[nodiscard]] std::string iceServers(const net::HttpRequest& request) const {
    const auto made = media->relayCredentials();
    const auto addresses = media->addresses();
    // Nobody from elsewhere reaches a TURN server that listens on loopback, behind a proxy say.
    const bool reachable = request.loopback || !address.loopback();
    return iceServersJson(publicHost({.named = request.host,
                                      .proxied = request.proxied,
                                      .loopback = request.loopback,
                                      .publicIps = options.publicIps,
                                      .ownIps = addresses}),
                          {.stunPort = media->port(),
                           .turnUdpPort = reachable ? turnUdpPort.load() : std::uint16_t{0},
                           .turnTcpPort = reachable ? turnTcpPort.load() : std::uint16_t{0},
                           .username = made.username,
                           .password = made.password,
                           .life = made.life});
  }

  /// By what other machines can call it. Asks the name service.
  [[nodiscard]] HostSources hostSources() const {
    HostSources sources{.names = options.names};
    if (address.loopback()) return sources;
    const net::Certificate certificate = identity->certificate();
    if (!certificate.selfSigned && sources.names.empty()) {
      std::copy_if(certificate.names.begin(), certificate.names.end(),
                   std::back_inserter(sources.names),
                   [](const std::string& name) { return name.find('*') == std::string::npos; });
    }
    // What systems trust they trust for its names only.
    if (!certificate.selfSigned && !sources.names.empty()) return sources;
    sources.publicIps = options.publicIps;
    if (!sources.publicIps.empty()) return sources;
    sources.ownIps = net::preferredFirst(media->addresses());
    sources.machineNames = net::machineNames(sources.ownIps);
    return sources;
  }

  void stop() {
    onLoop([this] {
      memory.stop();
      signalling.stop();
    });
  }

  /// Runs `task` on the loop and waits for it.
  void onLoop(const std::function<void()>& task) {
    std::promise<void> done;
    loop.post([&] {
      task();
      done.set_value();
    });
    done.get_future().wait();
  }

  const ServerOptions options;
  ListenAddress address;
  std::optional<ServerIdentity> identity;
  net::EventLoop loop;
  SpiderDoor signalling;
  MemoryReturn memory;
  std::unique_ptr<sfu::MediaServer> media;
  std::mutex serving;  ///< guards `web` once the server runs
  std::unique_ptr<net::WebServer> web;
  std::atomic<std::uint16_t> turnUdpPort = 0;  ///< 0: not served
  std::atomic<std::uint16_t> turnTcpPort = 0;
};

Result<Server> Server::create(ServerOptions options) {
  auto impl = std::make_unique<Impl>(std::move(options));
  if (auto opened = impl->open(); !opened) return tl::unexpected(opened.error());
  return Server(std::move(impl));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::Server(Server&&) noexcept = default;
Server& Server::operator=(Server&&) noexcept = default;
Server::~Server() = default;

std::uint16_t Server::port() const { return impl_->address.port; }
std::uint16_t Server::mediaPort() const { return impl_->media->port(); }
std::string Server::localUrl() const { return impl_->address.localUrl("ws"); }
std::string Server::consoleUrl() const { return impl_->address.localUrl("http"); }
std::string Server::fingerprint() const { return format(impl_->identity->certificate().key); }
std::string Server::certificateFingerprint() const {
  return impl_->identity->certificate().fingerprint;
}
std::string Server::certificateFile() const { return impl_->identity->certificate().file; }
bool Server::selfSigned() const { return impl_->identity->certificate().selfSigned; }
std::string Server::certificateChange() const { return impl_->identity->change(); }

std::vector<std::string> Server::publicUrls() const {
  const ListenAddress& listen = impl_->address;
  std::vector<std::string> urls;
  for (const auto& host : reachableHosts(listen, impl_->hostSources())) {
    urls.push_back("https://" + formatHostPort(host, listen.port));
  }
  return urls;
}

std::vector<std::string> Server::warnings() const {
  auto warnings = impl_->identity->problems();
  if (!impl_->address.loopback()) {
    warnings.push_back("listening on " + impl_->address.address +
                       ": everyone who can reach this address can watch, publish to and drive "
                       "every channel, since there is no authentication yet; keep it behind a "
                       "firewall or a VPN");
  }
  return warnings;
}

Result<std::vector<std::string>> Server::reloadCertificate() {
  auto loaded = impl_->identity->load([this](const net::Certificate& found) {
    const std::lock_guard lock(impl_->serving);
    if (!impl_->web) return Result<void>();  // it ends
    return impl_->web->useCertificate(found.certificatePem, found.privateKeyPem);
  });
  if (!loaded) return tl::unexpected(loaded.error());
  log().info("the certificate was read again: SHA-256 {}",
             impl_->identity->certificate().fingerprint);
  return impl_->identity->problems();
}

Result<void> Server::run(const std::stop_token& stop) {
  std::promise<void> stopped;
  const std::stop_callback onStop(stop, [&] { stopped.set_value(); });
  stopped.get_future().wait();
  impl_->stop();
  {
    const std::lock_guard lock(impl_->serving);
    impl_->web.reset();
  }
  if (const auto late = impl_->media->late(); late >= kLate) {
    log().error("the media thread has done nothing for {} ms, and the server's end waits for it",
                late.count());
  }
  return {};
}

}  // namespace rtcpub
