#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "core/connection_table.h"
#include "core/lobby.h"

namespace rtcpub::sfu {

/// Whose the one publisher's place of a channel is: of the publisher whose transport came to stand
/// last. A newcomer waits until its own stands, so an offer alone throws nobody off; only a place
/// that nobody has is taken at once. Who was replaced has it again when the one that took it is
/// gone first. Pure.
class PublisherSeat {
 public:
  /// Publishers that wait at once. A newcomer beyond that sends one of them away. With as many
  /// offers as one address may send in a second (kOffersOfAddress), each has over a second to show
  /// itself, though all come from there.
  static constexpr std::size_t kMaxWaiting = 64;

  /// A publisher was answered, which comes from this network. Whether the place is its own: because
  /// nobody had it, or because it has it already.
  bool join(ClientId id, const NetworkKey& network);
  /// A publisher's transport stands. Whether it takes the place now: if it waited for it. One that
  /// was replaced waits no more: it is expected to leave.
  bool take(ClientId id);
  /// A publisher is gone. Who has the place now, if it changed hands by that: the last that was
  /// replaced and stayed, since its transport stood; or else the last that came.
  std::optional<ClientId> leave(ClientId id);

  [[nodiscard]] std::optional<ClientId> holder() const { return holder_; }
  [[nodiscard]] bool waits(ClientId id) const;
  /// Who has to go before a newcomer joins that will wait, if there are too many: of the network
  /// of which most wait, so that a flood harms its own, the oldest of those from which nothing
  /// came, or else its oldest.
  [[nodiscard]] std::optional<ClientId> tooMany(ClientId newcomer, const NetworkKey& network,
                                                const std::function<bool(ClientId)>& heard) const;

 private:
  struct Waiting {
    ClientId id;
    NetworkKey network;
  };

  std::optional<ClientId> holder_;
  std::vector<Waiting> waiting_;    ///< the oldest first
  std::vector<ClientId> replaced_;  ///< and not gone yet, likewise
};

}  // namespace rtcpub::sfu
