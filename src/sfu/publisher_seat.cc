#include "sfu/publisher_seat.h"

#include <algorithm>
#include <map>

namespace rtcpub::sfu {

bool PublisherSeat::join(MemberId id, const NetworkKey& network) {
  if (!holder_) holder_ = id;
  if (holder_ == id) return true;
  std::erase(replaced_, id);  // it begins anew
  std::erase_if(waiting_, [id](const Waiting& one) { return one.id == id; });
  waiting_.push_back({id, network});
  return false;
}

bool PublisherSeat::take(MemberId id) {
  if (std::erase_if(waiting_, [id](const Waiting& one) { return one.id == id; }) == 0) return false;
  if (holder_) replaced_.push_back(*holder_);
  holder_ = id;
  return true;
}

std::optional<MemberId> PublisherSeat::leave(MemberId id) {
  std::erase(replaced_, id);
  std::erase_if(waiting_, [id](const Waiting& one) { return one.id == id; });
  if (holder_ != id) return std::nullopt;
  holder_.reset();
  if (!replaced_.empty()) {
    holder_ = replaced_.back();
    replaced_.pop_back();
  } else if (!waiting_.empty()) {
    holder_ = waiting_.back().id;
    waiting_.pop_back();
  }
  return holder_;
}

bool PublisherSeat::waits(MemberId id) const {
  return std::any_of(waiting_.begin(), waiting_.end(),
                     [id](const Waiting& one) { return one.id == id; });
}

std::optional<MemberId> PublisherSeat::tooMany(MemberId newcomer, const NetworkKey& network,
                                               const std::function<bool(MemberId)>& heard) const {
  if (waiting_.size() < kMaxWaiting || holder_ == newcomer || waits(newcomer)) return std::nullopt;
  std::map<NetworkKey, std::size_t> waitingOf{{network, 1}};  // the newcomer
  for (const auto& one : waiting_) ++waitingOf[one.network];
  const auto fewer = [](const auto& a, const auto& b) { return a.second < b.second; };
  const auto most = std::max_element(waitingOf.begin(), waitingOf.end(), fewer)->second;
  std::optional<MemberId> oldest;
  for (const auto& one : waiting_) {
    if (waitingOf[one.network] != most) continue;
    if (!heard(one.id)) return one.id;
    if (!oldest) oldest = one.id;
  }
  return oldest;
}

}  // namespace rtcpub::sfu
