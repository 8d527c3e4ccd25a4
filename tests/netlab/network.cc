#include "network.h"

#include <algorithm>
#include <sstream>
#include <utility>

namespace netlab {
namespace {

/// A seed of its own for each direction, which depends on names and not on the order of links.
/// (FNV-1a)
std::uint64_t seedOf(std::uint64_t seed, const std::string& name) {
  std::uint64_t hash = 14695981039346656037U ^ seed;
  for (const char letter : name)
    hash = (hash ^ static_cast<unsigned char>(letter)) * 1099511628211U;
  return hash;
}

void print(std::ostream& out, const Link& link, Time now) {
  const auto& counters = link.counters();
  out << R"({"in":)" << counters.in << R"(,"in_bytes":)" << counters.inBytes << R"(,"out":)"
      << counters.out << R"(,"out_bytes":)" << counters.outBytes << R"(,"blocked":)"
      << counters.blocked << R"(,"queue":)" << counters.queue << R"(,"lost":)" << counters.lost
      << R"(,"duplicated":)" << counters.duplicated << R"(,"rate_kbps":)"
      << link.conditions().rate / 1000 << R"(,"queue_ms":)" << inSeconds(link.queueWait(now)) * 1000
      << '}';
}

}  // namespace

std::optional<std::size_t> Network::add(const std::string& name) {
  if (find(name)) return std::nullopt;
  links_.push_back(
      {name, {Link(seedOf(seed_, name + ".up")), Link(seedOf(seed_, name + ".down"))}});
  return links_.size() - 1;
}

tl::expected<void, std::string> Network::set(const Set& command, Time now) {
  const auto link = find(command.link);
  if (!link) return tl::unexpected("there is no link '" + command.link + "'");
  if (auto valid = withSettings({}, command.settings); !valid) return tl::unexpected(valid.error());
  advance(now);
  if (command.at && (!started_ || *started_ + *command.at > now)) {
    schedule_.emplace(*command.at, command);
  } else {
    change(command, *link, now);
  }
  return {};
}

void Network::start(Time now) { started_ = now; }

void Network::send(std::size_t link, std::size_t end, Packet packet, Time now) {
  advance(now);
  links_.at(link).directions.at(end).send(std::move(packet), now);
}

std::optional<Network::Arrival> Network::receive(Time now) {
  advance(now);
  for (std::size_t link = 0; link < links_.size(); ++link) {
    for (std::size_t direction = 0; direction < 2; ++direction) {
      auto packet = links_[link].directions.at(direction).receive(now);
      if (packet) return Arrival{link, 1 - direction, std::move(*packet)};
    }
  }
  return std::nullopt;
}

std::optional<Time> Network::next() const {
  auto next = nextChange();
  for (const auto& link : links_) {
    for (const auto& direction : link.directions) {
      const auto own = direction.next();
      if (own && (!next || *own < *next)) next = own;
    }
  }
  return next;
}

std::string Network::stats(Time now) const {
  std::ostringstream out;
  out << '{';
  for (const auto& link : links_) {
    out << (&link == links_.data() ? "\"" : ",\"") << link.name << R"(":{"up":)";
    print(out, link.directions[0], now);
    out << R"(,"down":)";
    print(out, link.directions[1], now);
    out << '}';
  }
  out << '}';
  return out.str();
}

std::optional<std::size_t> Network::find(const std::string& name) const {
  const auto found = std::ranges::find(links_, name, &Both::name);
  if (found == links_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - links_.begin());
}

void Network::change(const Set& command, std::size_t link, Time now) {
  for (std::size_t direction = 0; direction < 2; ++direction) {
    if (command.direction != Direction::kBoth &&
        static_cast<std::size_t>(command.direction) != direction)
      continue;
    auto& changed = links_.at(link).directions.at(direction);
    // What the walk of the rate has done until now isn't undone.
    changed.change(*withSettings(changed.conditionsAt(now), command.settings), now);
  }
}

std::optional<Time> Network::nextChange() const {
  if (!started_ || schedule_.empty()) return std::nullopt;
  return *started_ + schedule_.begin()->first;
}

/// The schedule's changes until now, each at its own time.
void Network::advance(Time now) {
  for (auto at = nextChange(); at && *at <= now; at = nextChange()) {
    const auto command = std::move(schedule_.extract(schedule_.begin()).mapped());
    change(command, *find(command.link), *at);
  }
}

}  // namespace netlab
