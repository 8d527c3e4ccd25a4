#include "net/resolve.h"

#include <netdb.h>

#include <algorithm>
#include <array>
#include <future>
#include <memory>
#include <thread>

namespace rtcpub::net {
namespace {

using Clock = std::chrono::steady_clock;
using Found = Result<std::vector<std::string>>;

/// With its zone, where it is link-local: "fe80::1%eth0".
std::string addressOf(const addrinfo& from) {
  std::array<char, NI_MAXHOST> text{};
  (void)getnameinfo(from.ai_addr, from.ai_addrlen, text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST);
  return text.data();
}

Found lookUp(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int failed = getaddrinfo(host.c_str(), nullptr, &hints, &list);
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(list, &freeaddrinfo);
  if (failed == EAI_NONAME || failed == EAI_NODATA) {
    return fail(ErrorCode::kUnreachable, "there is no host named " + host);
  }
  if (failed != 0) {
    return fail(ErrorCode::kUnreachable,
                "the name " + host + " cannot be looked up: " + gai_strerror(failed));
  }
  std::vector<std::string> addresses;
  for (const auto* each = list; each != nullptr; each = each->ai_next) {
    auto address = addressOf(*each);
    if (std::ranges::find(addresses, address) == addresses.end()) {
      addresses.push_back(std::move(address));
    }
  }
  return addresses;
}

}  // namespace

Result<doctor::NameFinding> resolve(const std::string& host, std::chrono::milliseconds limit) {
  const auto began = Clock::now();
  auto promise = std::make_shared<std::promise<Found>>();
  auto found = promise->get_future();
  // Nothing ends a look-up that is under way: its thread owns all that it needs and is left to it.
  std::thread([promise, host] { promise->set_value(lookUp(host)); }).detach();
  if (found.wait_for(limit) != std::future_status::ready) {
    return fail(ErrorCode::kUnreachable, "the name " + host + " was not found in " +
                                             std::to_string(limit.count() / 1000) + " s");
  }
  auto addresses = found.get();
  if (!addresses) return tl::unexpected(std::move(addresses.error()));
  const std::chrono::duration<double, std::milli> took = Clock::now() - began;
  return doctor::NameFinding{std::move(*addresses), took.count()};
}

}  // namespace rtcpub::net
