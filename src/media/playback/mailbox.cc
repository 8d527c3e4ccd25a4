#include "media/playback/mailbox.h"

#include <utility>

#include "media/playback/running_pipeline.h"

namespace rtcpub::media {

void Mailbox::post(std::uint64_t number, Note note) {
  std::lock_guard lock(mutex_);
  if (number != number_ || stopped_) return;  // the caller's note, and what it holds, goes
  notes_.push_back(std::move(note));
  changed_.notify_one();
}

void Mailbox::control() {
  std::lock_guard lock(mutex_);
  notes_.push_back({.kind = Note::Kind::kControl});
  changed_.notify_one();
}

std::uint64_t Mailbox::nextNumber() {
  std::deque<Note> old;  // what it holds goes without the lock
  std::lock_guard lock(mutex_);
  std::swap(old, notes_);
  return ++number_;
}

std::optional<Note> Mailbox::next(std::optional<Time> deadline) {
  std::unique_lock lock(mutex_);
  const auto ready = [this] { return stopped_ || !notes_.empty(); };
  if (deadline && *deadline != Time::max()) {
    changed_.wait_until(lock, *deadline, ready);
  } else {
    changed_.wait(lock, ready);
  }
  if (stopped_ || notes_.empty()) return std::nullopt;
  Note note = std::move(notes_.front());
  notes_.pop_front();
  return note;
}

void Mailbox::stop() {
  std::lock_guard lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

bool Mailbox::stopped() {
  std::lock_guard lock(mutex_);
  return stopped_;
}

}  // namespace rtcpub::media
