#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "core/lobby.h"

namespace rtcpub::sfu {

/// Whose the one publisher's place of a channel is: of the publisher whose transport came to stand
/// last. A newcomer waits until its own stands, so an offer alone throws nobody off; only a place
/// that nobody has is taken at once. Pure.
class PublisherSeat {
 public:
  /// Publishers that wait at once. A newcomer beyond that sends one of them away.
  static constexpr std::size_t kMaxWaiting = 8;

  /// A publisher was answered. Whether the place is its own: because nobody had it, or because it
  /// has it already.
  bool join(ClientId id);
  /// A publisher's transport stands. Whether it takes the place now: if it waited for it. One that
  /// was replaced waits no more.
  bool take(ClientId id);
  /// A publisher is gone. Who has the place now, if it changed hands by that: the last that came.
  std::optional<ClientId> leave(ClientId id);

  [[nodiscard]] std::optional<ClientId> holder() const { return holder_; }
  [[nodiscard]] bool waits(ClientId id) const;
  /// Who has to go so that a newcomer can wait, if there are too many: the oldest of those from
  /// which nothing came, or else the oldest of all.
  [[nodiscard]] std::optional<ClientId> tooMany(const std::function<bool(ClientId)>& heard) const;

 private:
  std::optional<ClientId> holder_;
  std::vector<ClientId> waiting_;  ///< the oldest first
};

}  // namespace rtcpub::sfu
