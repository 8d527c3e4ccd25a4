#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/hub/member_id.h"

namespace rtcpub {

/// Who has a channel, as the media plane knows it: whom the hub has stamped last, or an heir whose
/// transport stands, until the hub has heard of that and says the same. The media plane sees it
/// first, and the heir's first packets come right behind; those of the hub's stamps that still
/// name another one are from before. Pure.
class Seat {
 public:
  /// The hub's word: Hub::StampChannel.
  void stamp(std::optional<MemberId> publisher, std::vector<std::string> openLabels);
  /// The hub will let it have the channel when its transport stands: Hub::StampHeir.
  void stampHeir(MemberId heir, std::vector<std::string> openLabels);
  /// Its transport stands, which the hub will be told. Whether it takes the channel by that.
  [[nodiscard]] bool onStands(MemberId id);
  /// It is here no more. What it took ahead of the hub goes back to the one before; what the hub
  /// has stamped stays.
  void leave(MemberId id);

  [[nodiscard]] std::optional<MemberId> publisher() const;
  /// On which viewers may send to the publisher without the right to drive.
  [[nodiscard]] const std::vector<std::string>& openLabels() const;

 private:
  struct Taker {
    MemberId id;
    std::vector<std::string> openLabels;
  };
  [[nodiscard]] std::vector<Taker>::iterator takerOf(MemberId id);

  std::optional<MemberId> stamped_;
  std::vector<std::string> stampedLabels_;
  std::map<MemberId, std::vector<std::string>> heirs_;  ///< their labels
  std::vector<Taker> takers_;  ///< ahead of the hub, in the order in which it hears of them
};

}  // namespace rtcpub
