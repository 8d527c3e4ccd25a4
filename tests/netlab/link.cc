#include "link.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace netlab {
namespace {

std::optional<Time> earlier(std::optional<Time> one, std::optional<Time> other) {
  if (!one || !other) return one ? one : other;
  return std::min(*one, *other);
}

/// The rate after one step: as likely up as down, reflected at the bounds.
double stepped(double rate, const RateWalk& walk, Random& random) {
  rate *= std::pow(walk.factor, 2 * random.next() - 1);
  if (rate < walk.least) rate = walk.least * walk.least / rate;
  if (rate > walk.most) rate = walk.most * walk.most / rate;
  return std::clamp(rate, walk.least, walk.most);
}

}  // namespace

// Generators of their own: switching the jitter on doesn't change which packets are lost.
Link::Link(std::uint64_t seed) : loss_(seed), propagation_(seed + 1), walkRandom_(seed + 3) {}

const Conditions& Link::conditionsAt(Time now) {
  advance(now);
  return conditions_;
}

void Link::change(const Conditions& conditions, Time now) {
  advance(now);
  const bool sameWalk = conditions.walk == conditions_.walk;
  conditions_ = conditions;
  const auto& walk = conditions_.walk;
  if (walk.most > 0) {
    const double middle = std::sqrt(walk.least * walk.most);
    if (conditions_.rate < walk.least || conditions_.rate > walk.most) conditions_.rate = middle;
    if (!sameWalk) nextStep_ = now + walk.step;
  } else {
    nextStep_.reset();
  }
  bottleneck_.shape(conditions_, now);
}

void Link::send(Packet packet, Time now) {
  advance(now);
  ++counters_.in;
  counters_.inBytes += packet.size();
  const bool tooLarge = conditions_.largest > 0 && packet.size() > conditions_.largest;
  if (conditions_.down || tooLarge || (conditions_.udpBlocked && isUdp(packet))) {
    ++counters_.blocked;
  } else if (!bottleneck_.push(std::move(packet), now)) {
    ++counters_.queue;
  }
  advance(now);
}

std::optional<Packet> Link::receive(Time now) {
  advance(now);
  auto packet = propagation_.pop(now);
  if (packet) {
    ++counters_.out;
    counters_.outBytes += packet->size();
  }
  return packet;
}

std::optional<Time> Link::next() const {
  return earlier(earlier(bottleneck_.next(), propagation_.next()), nextStep_);
}

/// What has happened until now, in order.
void Link::advance(Time now) {
  while (true) {
    const auto leaves = bottleneck_.next();
    if (nextStep_ && *nextStep_ <= now && (!leaves || *nextStep_ < *leaves)) {
      walk();
    } else if (auto departure = bottleneck_.pop(now)) {
      leave(std::move(departure->packet), departure->at);
    } else {
      return;
    }
  }
}

void Link::leave(Packet packet, Time at) {
  if (conditions_.down) {
    ++counters_.blocked;
  } else if (loss_.takes(conditions_)) {
    ++counters_.lost;
  } else if (propagation_.push(std::move(packet), conditions_, at)) {
    ++counters_.duplicated;
  }
}

void Link::walk() {
  conditions_.rate = stepped(conditions_.rate, conditions_.walk, walkRandom_);
  bottleneck_.shape(conditions_, *nextStep_);
  *nextStep_ += conditions_.walk.step;
}

}  // namespace netlab
