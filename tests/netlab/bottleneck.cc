#include "bottleneck.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace netlab {
namespace {

// A queue without a limit has one all the same: more than any modem's, less than the machine's
// memory.
constexpr std::size_t kMostBytes = 16'000'000;

double bitsOf(const Packet& packet) { return static_cast<double>(packet.size()) * 8; }

}  // namespace

void Bottleneck::shape(const Conditions& conditions, Time now) {
  const double left = headBitsLeft(now);
  rate_ = conditions.rate;
  hold_ = conditions.hold;
  queueTime_ = conditions.queueTime;
  queueBytes_ = conditions.queueBytes;
  if (!queue_.empty()) sendHead(left, now);
}

bool Bottleneck::push(Packet packet, Time now) {
  if (!queue_.empty() && isFull(packet.size(), now)) return false;
  bytes_ += packet.size();
  queue_.push_back(std::move(packet));
  if (queue_.size() == 1) sendHead(bitsOf(queue_.front()), now);
  return true;
}

std::optional<Bottleneck::Departure> Bottleneck::pop(Time now) {
  if (!headLeaves_ || *headLeaves_ > now) return std::nullopt;
  Departure departure{std::move(queue_.front()), *headLeaves_};
  queue_.pop_front();
  bytes_ -= departure.packet.size();
  headLeaves_.reset();
  if (!queue_.empty()) sendHead(bitsOf(queue_.front()), departure.at);
  return departure;
}

Time Bottleneck::wait(Time now) const {
  if (rate_ == 0 || queue_.empty()) return Time{};
  const double behindHead = static_cast<double>(bytes_ - queue_.front().size()) * 8;
  return seconds((behindHead + headBitsLeft(now)) / rate_);
}

double Bottleneck::speed() const {
  if (hold_) return 0;
  return rate_ > 0 ? rate_ : std::numeric_limits<double>::infinity();
}

double Bottleneck::headBitsLeft(Time now) const {
  if (queue_.empty()) return 0;
  // Sent at once without a limit; but then it has been popped before anything can ask.
  if (std::isinf(speed())) return headBits_;
  return std::max(0.0, headBits_ - speed() * inSeconds(now - headSince_));
}

void Bottleneck::sendHead(double bitsLeft, Time now) {
  headBits_ = bitsLeft;
  headSince_ = now;
  headLeaves_.reset();
  // Rounded up: a timer at that moment finds the packet sent.
  if (speed() > 0)
    headLeaves_ = now + Time(static_cast<Time::rep>(std::ceil(bitsLeft / speed() * 1e9)));
}

bool Bottleneck::isFull(std::size_t size, Time now) const {
  const auto most = queueBytes_ > 0 ? queueBytes_ : kMostBytes;
  return bytes_ + size > most || (queueTime_ > Time{} && wait(now) > queueTime_);
}

}  // namespace netlab
