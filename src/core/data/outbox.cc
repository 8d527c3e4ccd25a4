#include "core/data/outbox.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace rtcpub {
namespace {

bool before(const Outbox::Entry& entry, Outbox::Id id) { return entry.id < id; }

}  // namespace

bool Outbox::hasRoom(std::size_t size) const {
  return pending() < limits_.waitingMessages &&
         waitingBytes_ + handedBytes_ + size <= limits_.waitingBytes;
}

void Outbox::push(Message message, Time since) {
  const std::size_t size = message.data.size();
  waiting_.push_back({++lastId_, std::move(message), since, size});
  waitingBytes_ += size;
  dropBeyondLimits();
}

void Outbox::dropStale(Time now) {
  if (!longestAge_) return;
  // Not by the first alone: each message says itself since when it is true.
  const auto count = std::erase_if(waiting_, [&](const Entry& entry) {
    const bool stale = *deadline(entry) < now;
    if (stale) waitingBytes_ -= entry.size;
    return stale;
  });
  dropped_ += count;
}

void Outbox::dropWaiting() {
  while (!waiting_.empty()) dropFirst();
}

const Outbox::Entry* Outbox::next() const {
  const bool full = handed_.size() >= limits_.handedMessages || handedBytes_ >= limits_.handedBytes;
  return waiting_.empty() || full ? nullptr : &waiting_.front();
}

std::optional<Time> Outbox::deadline(const Entry& entry) const {
  if (!longestAge_) return std::nullopt;
  return entry.since + *longestAge_;
}

void Outbox::onHanded() {
  assert(next() != nullptr);
  Entry entry = std::move(waiting_.front());
  waiting_.pop_front();
  waitingBytes_ -= entry.size;
  handedBytes_ += entry.size;
  if (!isReliable()) entry.message = {};
  // What came back and goes out again has its place before what was handed meanwhile.
  handed_.insert(std::lower_bound(handed_.begin(), handed_.end(), entry.id, before),
                 std::move(entry));
}

void Outbox::onDelivered(Id id) {
  const auto place = findHanded(id);
  if (place == handed_.end()) return;
  takeHanded(place);
  ++sent_;
}

void Outbox::onLost(Id id) {
  const auto place = findHanded(id);
  if (place == handed_.end()) return;
  Entry entry = takeHanded(place);
  // One that was handed while the channel was not reliable has nothing left to send.
  if (!isReliable() || entry.message.data.size() != entry.size) {
    ++dropped_;
    return;
  }
  waitingBytes_ += entry.size;
  waiting_.insert(std::lower_bound(waiting_.begin(), waiting_.end(), entry.id, before),
                  std::move(entry));
  dropBeyondLimits();
}

void Outbox::onAllLost() {
  // The newest first: each then goes to the front, and it is the oldest that there is no room for.
  while (!handed_.empty()) onLost(handed_.back().id);
}

Outbox::Entry Outbox::takeHanded(const Entries::iterator& place) {
  Entry entry = std::move(*place);
  handed_.erase(place);
  handedBytes_ -= entry.size;
  return entry;
}

Outbox::Entries::iterator Outbox::findHanded(Id id) {
  const auto place = std::lower_bound(handed_.begin(), handed_.end(), id, before);
  return place != handed_.end() && place->id == id ? place : handed_.end();
}

void Outbox::dropFirst() {
  waitingBytes_ -= waiting_.front().size;
  waiting_.pop_front();
  ++dropped_;
}

void Outbox::dropBeyondLimits() {
  while (waiting_.size() > limits_.waitingMessages || waitingBytes_ > limits_.waitingBytes) {
    dropFirst();
  }
}

}  // namespace rtcpub
