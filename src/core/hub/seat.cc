#include "core/hub/seat.h"

#include <algorithm>
#include <utility>

namespace rtcpub {

void Seat::stamp(std::optional<MemberId> publisher, std::vector<std::string> openLabels) {
  stamped_ = publisher;
  stampedLabels_ = std::move(openLabels);
  if (!publisher) return;
  heirs_.erase(*publisher);
  // The hub has heard of this one, and so of those before it.
  const auto taker = takerOf(*publisher);
  if (taker != takers_.end()) takers_.erase(takers_.begin(), std::next(taker));
}

void Seat::stampHeir(MemberId heir, std::vector<std::string> openLabels) {
  const auto taker = takerOf(heir);
  if (taker != takers_.end()) {
    taker->openLabels = std::move(openLabels);
  } else {
    heirs_[heir] = std::move(openLabels);
  }
}

bool Seat::onStands(MemberId id) {
  auto heir = heirs_.extract(id);
  if (heir.empty()) return false;
  takers_.push_back({id, std::move(heir.mapped())});
  return true;
}

void Seat::leave(MemberId id) {
  heirs_.erase(id);
  std::erase_if(takers_, [id](const Taker& taker) { return taker.id == id; });
}

std::optional<MemberId> Seat::publisher() const {
  return takers_.empty() ? stamped_ : takers_.back().id;
}

const std::vector<std::string>& Seat::openLabels() const {
  return takers_.empty() ? stampedLabels_ : takers_.back().openLabels;
}

std::vector<Seat::Taker>::iterator Seat::takerOf(MemberId id) {
  return std::find_if(takers_.begin(), takers_.end(),
                      [id](const Taker& taker) { return taker.id == id; });
}

}  // namespace rtcpub
