#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "core/hub/lobby.h"
#include "core/limits/connection_table.h"

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
  bool join(MemberId id, const NetworkKey& network);
  /// A publisher's transport stands. Whether it takes the place now: if it waited for it. One that
  /// was replaced waits no more: it is expected to leave.
  bool take(MemberId id);
  /// A publisher is gone. Who has the place now, if it changed hands by that: the last that was
  /// replaced and stayed, since its transport stood; or else the last that came.
  std::optional<MemberId> leave(MemberId id);

  [[nodiscard]] std::optional<MemberId> holder() const { return holder_; }
  [[nodiscard]] bool waits(MemberId id) const;
  /// Who has to go before a newcomer joins that will wait, if there are too many: of the network
  /// of which most wait, so that a flood harms its own, the oldest of those from which nothing
  /// came, or else its oldest.
  [[nodiscard]] std::optional<MemberId> tooMany(MemberId newcomer, const NetworkKey& network,
                                                const std::function<bool(MemberId)>& heard) const;

 private:
  struct Waiting {
    MemberId id;
    NetworkKey network;
  };

  std::optional<MemberId> holder_;
  std::vector<Waiting> waiting_;    ///< the oldest first
  std::vector<MemberId> replaced_;  ///< and not gone yet, likewise
};

}  // namespace rtcpub::sfu
