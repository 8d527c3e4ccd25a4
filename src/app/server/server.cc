#include "rtcpub/server.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <iterator>
#include <mutex>
#include <optional>
#include <utility>

#include "app/server/access_time.h"
#include "app/server/api_door.h"
#include "app/server/channels_json.h"
#include "app/server/console.h"
#include "app/server/health.h"
#include "app/server/hub_runner.h"
#include "app/server/ice_servers.h"
#include "app/server/memory_return.h"
#include "app/server/metrics_door.h"
#include "app/server/renewal.h"
#include "app/server/server_identity.h"
#include "app/server/spider_door.h"
#include "app/server/token_desk.h"
#include "app/server/web_socket_only.h"
#include "core/address/host_port.h"
#include "core/address/link_local.h"
#include "core/address/listen_address.h"
#include "core/address/reachable_hosts.h"
#include "core/text/text.h"
#include "log/log.h"
#include "net/event_loop.h"
#include "net/own_hosts.h"
#include "net/web_server.h"
#include "net/zone.h"
#include "sfu/media_server.h"

namespace rtcpub {
namespace {

/// Whether only programs on this machine are to reach it: it listens on loopback, and nothing says
/// that clients come from elsewhere all the same, as by a proxy on this machine.
bool isForThisMachine(const ServerOptions& options, const ListenAddress& listen) {
  return listen.loopback() && options.publicIps.empty() && options.trustedProxies.empty() &&
         options.names.empty();
}

/// Whether it lets in only those who have a token. Keys of tokens ask for that wherever it
/// listens.
bool wantsTokens(const ServerOptions& options, const ListenAddress& listen) {
  return !options.open && (!isForThisMachine(options, listen) || !options.tokenKeyFiles.empty());
}

Result<void> checkAccess(const ServerOptions& options) {
  constexpr std::size_t kLongestAudience = 256;
  if (options.open && !options.tokenKeyFiles.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                "open = true lets in everybody, and tokenKeyFiles whoever has a token: choose one");
  }
  if (options.audience.size() > kLongestAudience || !text::isUtf8(options.audience) ||
      text::hasControl(options.audience)) {
    return fail(ErrorCode::kInvalidArgument,
                "the audience " + text::quote(options.audience) +
                    " can't be written in a token: it takes 256 bytes of text at most");
  }
  const auto embedders = consoleEmbedders(options.embeddingOrigins);
  return embedders ? Result<void>() : tl::unexpected(embedders.error());
}

void append(std::vector<net::Route>& routes, std::vector<net::Route> more) {
  std::ranges::move(more, std::back_inserter(routes));
}

}  // namespace

/// Runs on: the signalling loop, but for what the public functions say.
class Server::Impl {
 public:
  explicit Impl(ServerOptions given)
      : options(std::move(given)),
        loop("rtcpub-signal"),
        hub(loop),
        spiderDoor(loop, hub, admission),
        apiDoor(admission, apiSources()),
        metricsDoor(loop, hub, spiderDoor, admission),
        memory(loop) {}

  ~Impl() {
    renewal.reset();
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
    if (auto checked = checkAccess(options); !checked) return checked;
    identity.emplace(options, !address.loopback());
    tokens.emplace(options, wantsTokens(options, address));
    // The media first: what they refuse as an address shall not get into the certificate.
    if (auto opened = openMedia(); !opened) return opened;
    if (auto loaded = identity->load(); !loaded) return loaded;
    if (auto loaded = loadKeys(); !loaded) return loaded;
    if (auto opened = openWeb(); !opened) return opened;
    told = identity->problems();
    renewal.emplace(identity->files(), [this] { return renewCertificate(); });
    return {};
  }

  /// Those who come from now on get what is in the files. Any thread.
  Result<void> readCertificate() {
    return identity->load([this](const net::Certificate& found) {
      const std::lock_guard lock(serving);
      if (!web) return Result<void>();  // it ends
      return web->useCertificate(found.certificatePem, found.privateKeyPem);
    });
  }

  /// On the thread that watches the files.
  Result<void> renewCertificate() {
    const std::string before = identity->certificate().fingerprint;
    if (auto read = readCertificate(); !read) return read;
    const std::string after = identity->certificate().fingerprint;
    if (after != before) log().info("the certificate was renewed: SHA-256 {}", after);
    if (const auto change = identity->change(); !change.empty()) log().warn("{}", change);
    const auto problems = identity->problems();
    for (const std::string& problem : problems) {
      if (std::ranges::count(told, problem) == 0) log().warn("{}", problem);
    }
    told = problems;
    return {};
  }

  /// From the thread that makes or owns the server.
  Result<void> loadKeys() {
    if (!wantsTokens(options, address)) {
      onLoop([this] { admission.openToAll(); });
      return {};
    }
    auto verifier = tokens->load();
    if (!verifier) return tl::unexpected(verifier.error());
    onLoop([&] { admission.askForTokens(*std::move(verifier), tokens->audience()); });
    return {};
  }

  Result<void> openMedia() {
    auto opened = sfu::MediaServer::create({.port = options.mediaPort,
                                            .publicIps = options.publicIps,
                                            .thisMachineOnly = isForThisMachine(options, address)},
                                           hub.mediaEvents());
    if (!opened) return tl::unexpected(opened.error());
    media = std::move(*opened);
    onLoop([this] {
      spiderDoor.start(*media);
      metricsDoor.start([this] { return identity->certificate().notAfter; });
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
         .features = {.flexfec = true, .control = true}},
        {.http = routes(),
         .whereThingsAre = "the console is at /, the channels at /api/channels",
         .webSocket = [this](const net::HttpRequest& request) { return spiderDoor.admit(request); },
         .other =
             [this](net::OtherConnection other) {
               media->takeStream(other.descriptor, std::move(other.received));
             }});
    if (!opened) return tl::unexpected(opened.error());
    web = std::move(*opened);
    onLoop([this] { metricsDoor.watch(*web); });
    address.port = web->port();
    const auto served = media->serveBeside(std::string(withoutZone(address.address)), address.port,
                                           net::interfaceOf(address.address).value_or(0));
    if (!served) log().warn("TURN by UDP is left out: {}", served.error().message);
    turnUdpPort = served ? address.port : std::uint16_t{0};
    turnTcpPort = address.port;
    return {};
  }

  /// What is asked for over HTTP, apart from WebSockets.
  std::vector<net::Route> routes() {
    const auto get = [](const std::string& pattern, auto answer) {
      return net::Route{
          .method = "GET", .pattern = pattern, .handle = net::atOnce(std::move(answer))};
    };
    std::vector<net::Route> all{
        // Open, and says nothing else.
        get("/healthz",
            [this](const net::HttpRequest& /*request*/) { return healthResponse(media->late()); }),
        get("/metrics",
            [this](const net::HttpRequest& request) { return metricsDoor.answer(request); })};
    append(all, apiDoor.routes());
    append(all, webSocketOnlyRoutes());
    append(all, consoleRoutes(*consoleEmbedders(options.embeddingOrigins)));  // open() checked
    return all;
  }

  ApiSources apiSources() {
    const auto matches = [](const ChannelPatterns& patterns) {
      return [&patterns](std::string_view channel) { return patterns.match(channel); };
    };
    return {.now = accessNow,
            .channels =
                [this, matches](const ChannelPatterns& patterns) {
                  return channelsJson(hub.hub(), hub.stats(), matches(patterns));
                },
            .members =
                [this, matches](const ChannelPatterns& patterns) {
                  return membersJson(hub.hub(), matches(patterns));
                },
            .channelOf = [this](MemberId id) -> std::optional<std::string> {
              const auto* member = hub.hub().find(id);
              return member == nullptr ? std::nullopt : std::optional(member->channel);
            },
            .remove = [this](MemberId id) { hub.remove(id); },
            .iceServers = [this](const net::HttpRequest& request,
                                 std::optional<Time> until) { return iceServers(request, until); },
            .fingerprint = [this] { return identity->toPin(); }};
  }

  /// With credentials of their own for everyone who asks.
  [[nodiscard]] std::string iceServers(const net::HttpRequest& request,
                                       std::optional<Time> until) const {
    const auto made = media->relayCredentials(until);
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
      metricsDoor.stop();
      spiderDoor.stop();
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
  std::vector<std::string> told;  ///< what is wrong with the certificate, as it was told last
  std::optional<TokenDesk> tokens;
  net::EventLoop loop;
  HubRunner hub;
  Admission admission;
  SpiderDoor spiderDoor;
  ApiDoor apiDoor;
  MetricsDoor metricsDoor;
  MemoryReturn memory;
  std::unique_ptr<sfu::MediaServer> media;
  std::mutex serving;  ///< guards `web` once the server runs
  std::unique_ptr<net::WebServer> web;
  std::optional<Renewal> renewal;
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

bool Server::asksForTokens() const { return wantsTokens(impl_->options, impl_->address); }

Result<std::string> Server::makeToken(const TokenOptions& options) const {
  return impl_->tokens->issue(options);
}

Result<void> Server::reloadKeys() {
  auto loaded = impl_->loadKeys();
  if (loaded && asksForTokens()) log().info("the keys of tokens were read again");
  return loaded;
}

std::vector<std::string> Server::warnings() const {
  auto warnings = impl_->identity->problems();
  if (impl_->options.open && !isForThisMachine(impl_->options, impl_->address)) {
    warnings.push_back(
        "open on " + impl_->address.address +
        ": everyone who can reach this address, also by a proxy, can watch, publish "
        "to and drive every channel, see who is in, and use its TURN server; keep it "
        "behind a firewall or a VPN");
  }
  return warnings;
}

Result<std::vector<std::string>> Server::reloadCertificate() {
  auto loaded = impl_->readCertificate();
  if (!loaded) return tl::unexpected(loaded.error());
  log().info("the certificate was read again: SHA-256 {}",
             impl_->identity->certificate().fingerprint);
  return impl_->identity->problems();
}

Result<void> Server::run(const std::stop_token& stop) {
  if (asksForTokens()) {
    auto urls = publicUrls();
    urls.push_back(consoleUrl());
    impl_->tokens->leaveWord(urls, impl_->identity->toPin());
  }
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
