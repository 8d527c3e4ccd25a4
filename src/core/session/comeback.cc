#include "core/session/comeback.h"

#include <algorithm>

namespace rtcpub {

void Comeback::onOthers(int count, Time now) {
  others_ = count;
  most_ = std::max(most_, count);
  if (count == 0) first_.reset();
  if (count < needed_) all_.reset();
  if (count > 0 && !first_) first_ = now;
  if (count >= needed_ && !all_) all_ = now;
}

void Comeback::onLost() {
  // Of several attempts the first one knows who was there. A server that ends tells of those that
  // leave before us: they are waited for, too.
  if (back_) needed_ = most_;
  back_.reset();
  first_.reset();
  all_.reset();
  others_ = 0;
}

void Comeback::onBack(Time now) {
  if (back_) return;  // the same one, which was silent for a while
  back_ = now;
  most_ = others_;
}

bool Comeback::waiting(Time now) const {
  const auto end = deadline();
  return needed_ > 0 && (!end || now < *end);
}

std::optional<Time> Comeback::deadline() const {
  if (needed_ == 0 || !back_) return std::nullopt;
  Time end = *back_ + kLongest;
  if (first_) end = std::min<Time>(end, *first_ + kForTheOthers);
  if (all_) end = std::min<Time>(end, *all_ + kSettling);
  return end;
}

}  // namespace rtcpub
