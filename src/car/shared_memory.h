#pragma once

#include <sys/mman.h>

#include <atomic>
#include <cstdint>
#include <new>
#include <optional>

#include "rtcpub/clock.h"

namespace rtcpub::car {

/// What the two processes know of each other. Each writes its own part.
struct Shared {
  // The writer's.
  std::atomic<std::int64_t> writerBeat{0};  ///< monotonic, in µs
  /// Until when what is written to the motors holds, in µs; 0: neutral. It is set before they are
  /// written, and taken back afterwards.
  std::atomic<std::int64_t> movesUntil{0};
  std::atomic<bool> prepared{false};  ///< the motors are, by the writer
  std::atomic<bool> ended{false};     ///< it has stopped them, and ends

  // The guard's.
  std::atomic<std::int64_t> guardBeat{0};  ///< monotonic, in µs
  std::atomic<bool> guardReady{false};     ///< it reaches the motors, too
};
static_assert(std::atomic<std::int64_t>::is_always_lock_free &&
              std::atomic<bool>::is_always_lock_free);

inline std::optional<Time> movesUntil(const Shared& shared) {
  const auto us = shared.movesUntil.load();
  if (us == 0) return std::nullopt;
  return Time(std::chrono::microseconds(us));
}

/// Memory that a process and those that it forks off see alike.
class SharedMemory {
 public:
  SharedMemory() {
    void* const memory =
        mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory != MAP_FAILED) shared_ = new (memory) Shared;
  }
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  ~SharedMemory() {
    if (shared_ != nullptr) munmap(shared_, sizeof(Shared));
  }

  /// Null: there is no memory.
  [[nodiscard]] Shared* get() const { return shared_; }

 private:
  Shared* shared_ = nullptr;
};

}  // namespace rtcpub::car
