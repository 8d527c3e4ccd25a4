#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "command.h"
#include "link.h"

namespace netlab {

/// Links by name and the schedule of their changes. Decides everything and does nothing, as Link.
class Network {
 public:
  /// A packet that has arrived: by the link of this number, at its end 0 or 1.
  struct Arrival {
    std::size_t link;
    std::size_t end;
    Packet packet;
  };

  explicit Network(std::uint64_t seed) : seed_(seed) {}

  /// Adds a link, whose packets from end 0 to end 1 go "up"; returns its number, counted from 0.
  /// nullopt: the name is taken.
  std::optional<std::size_t> add(const std::string& name);
  /// Changes a link now, or at its time after start(). The error says what is wrong.
  [[nodiscard]] tl::expected<void, std::string> set(const Set& command, Time now);
  /// The schedule's time 0 is now.
  void start(Time now);

  void send(std::size_t link, std::size_t end, Packet packet, Time now);
  /// The next packet that has arrived by now.
  [[nodiscard]] std::optional<Arrival> receive(Time now);
  /// When to call receive(), if nothing else happens before.
  [[nodiscard]] std::optional<Time> next() const;

  /// All counters as a JSON object {"LINK":{"up":{…},"down":{…}}}.
  [[nodiscard]] std::string stats(Time now) const;

 private:
  struct Both {
    std::string name;
    std::array<Link, 2> directions;  // 0: up
  };

  [[nodiscard]] std::optional<std::size_t> find(const std::string& name) const;
  void change(const Set& command, std::size_t link, Time now);
  [[nodiscard]] std::optional<Time> nextChange() const;
  void advance(Time now);

  std::uint64_t seed_;
  std::vector<Both> links_;
  std::optional<Time> started_;
  std::multimap<Time, Set> schedule_;  // by the time after start()
};

}  // namespace netlab
