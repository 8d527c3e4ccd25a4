#include "sfu/publisher_seat.h"

#include <algorithm>

namespace rtcpub::sfu {

bool PublisherSeat::join(ClientId id) {
  if (!holder_) holder_ = id;
  if (holder_ == id) return true;
  std::erase(waiting_, id);  // it begins anew
  waiting_.push_back(id);
  return false;
}

bool PublisherSeat::take(ClientId id) {
  if (std::erase(waiting_, id) == 0) return false;
  holder_ = id;
  return true;
}

std::optional<ClientId> PublisherSeat::leave(ClientId id) {
  std::erase(waiting_, id);
  if (holder_ != id) return std::nullopt;
  holder_.reset();
  if (waiting_.empty()) return std::nullopt;
  holder_ = waiting_.back();
  waiting_.pop_back();
  return holder_;
}

bool PublisherSeat::waits(ClientId id) const {
  return std::find(waiting_.begin(), waiting_.end(), id) != waiting_.end();
}

std::optional<ClientId> PublisherSeat::tooMany(const std::function<bool(ClientId)>& heard) const {
  if (waiting_.size() < kMaxWaiting) return std::nullopt;
  const auto silent = std::find_if_not(waiting_.begin(), waiting_.end(), heard);
  return silent == waiting_.end() ? waiting_.front() : *silent;
}

}  // namespace rtcpub::sfu
