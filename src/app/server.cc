#include "rtcpub/server.h"

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <utility>

#include "app/console.h"
#include "app/ice_servers.h"
#include "app/memory_return.h"
#include "app/signalling.h"
#include "core/link_local.h"
#include "core/listen_address.h"
#include "log/log.h"
#include "net/certificate.h"
#include "net/event_loop.h"
#include "net/http_rules.h"
#include "net/web_server.h"
#include "net/zone.h"
#include "sfu/media_server.h"

namespace rtcpub {
namespace {

/// XDG Base Directory Specification. Nothing here ever changes the environment, so that reading it
/// is safe.
// NOLINTBEGIN(concurrency-mt-unsafe)
std::string defaultDataDir() {
  namespace fs = std::filesystem;
  if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data != '\0') {
    return fs::path(data) / "rtcpub";
  }
  const char* home = std::getenv("HOME");
  return fs::path(home != nullptr && *home != '\0' ? home : ".") / ".local/share/rtcpub";
}
// NOLINTEND(concurrency-mt-unsafe)

Result<net::Certificate> certificateFor(const ServerOptions& options) {
  if (options.tlsCertFile.empty() != options.tlsKeyFile.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                "a certificate and its key belong together: give both --tls-cert and --tls-key, or "
                "neither");
  }
  if (!options.tlsCertFile.empty())
    return net::loadCertificate(options.tlsCertFile, options.tlsKeyFile);
  return net::selfSignedCertificate(options.dataDir.empty() ? defaultDataDir() : options.dataDir);
}

/// What is asked for over HTTP, apart from WebSockets.
net::HttpResponse respond(const Signalling& signalling, const net::HttpRequest& request) {
  const std::string_view path =
      std::string_view(request.target).substr(0, request.target.find('?'));
  if (request.method != "GET")
    return net::errorResponse(405, "only GET and HEAD are possible here");
  if (path == "/healthz")
    return {.body = R"({"status":"ok"})", .headers = {{"Cache-Control", "no-store"}}};
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
  }

  Result<void> open() {
    auto parsed = parseListenAddress(options.listen);
    if (!parsed) return tl::unexpected(parsed.error());
    address = *parsed;
    auto found = certificateFor(options);
    if (!found) return tl::unexpected(found.error());
    certificate = std::move(*found);
    if (auto opened = openMedia(); !opened) return opened;
    return openWeb();
  }

  Result<void> openMedia() {
    auto opened = sfu::MediaServer::create(
        {.port = options.mediaPort, .publicIps = options.publicIps},
        {.connected = {},
         .presence =
             [this](ClientId id, bool present) {
               loop.post([this, id, present] { signalling.onPresence(id, present); });
             },
         .codecs =
             [this](ClientId id, const CodecReport& report) {
               loop.post([this, id, report] { signalling.onCodecs(id, report); });
             },
         .gone =
             [this](ClientId id, bool closed, const std::string& reason) {
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
    auto opened = net::WebServer::listen(
        loop,
        {.listenAddress = address.address,
         .port = address.port,
         .certificatePem = certificate.certificatePem,
         .privateKeyPem = certificate.privateKeyPem,
         .trustedProxies = options.trustedProxies,
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
    return respond(signalling, request);
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
  net::Certificate certificate;
  net::EventLoop loop;
  Signalling signalling;
  MemoryReturn memory;
  std::unique_ptr<sfu::MediaServer> media;
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
std::string Server::fingerprint() const { return impl_->certificate.fingerprint; }
std::string Server::certificateFile() const { return impl_->certificate.file; }

std::vector<std::string> Server::warnings() const {
  if (impl_->address.loopback()) return {};
  return {"listening on " + impl_->address.address +
          ": everyone who can reach this address can watch, publish to and drive every channel, "
          "since there is no "
          "authentication yet; keep it behind a firewall or a VPN"};
}

Result<void> Server::run(const std::stop_token& stop) {
  std::promise<void> stopped;
  const std::stop_callback onStop(stop, [&] { stopped.set_value(); });
  stopped.get_future().wait();
  impl_->stop();
  impl_->web.reset();
  return {};
}

}  // namespace rtcpub
