#include "app/server/renewal.h"

#include <pthread.h>
#include <sys/stat.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "core/file_watch.h"
#include "log/log.h"

namespace rtcpub {
namespace {

constexpr std::chrono::seconds kEvery{5};

std::int64_t nanoseconds(const timespec& time) {
  constexpr std::int64_t kInSecond = 1'000'000'000;
  return time.tv_sec * kInSecond + time.tv_nsec;
}

FileStamp stampOf(const std::string& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return {};
  return {.there = true,
          .device = status.st_dev,
          .inode = status.st_ino,
          .size = status.st_size,
          .modified = nanoseconds(status.st_mtim),
          .changed = nanoseconds(status.st_ctim)};
}

std::vector<FileStamp> stampsOf(const std::vector<std::string>& files) {
  std::vector<FileStamp> stamps;
  stamps.reserve(files.size());
  for (const std::string& file : files) stamps.push_back(stampOf(file));
  return stamps;
}

}  // namespace

Renewal::Renewal(std::vector<std::string> files, std::function<Result<void>()> read)
    : files_(std::move(files)),
      read_(std::move(read)),
      thread_([this](const std::stop_token& stop) { watch(stop); }) {
  pthread_setname_np(thread_.native_handle(), "rtcpub-renewal");
}

Renewal::~Renewal() = default;

void Renewal::watch(const std::stop_token& stop) {
  FileWatch files;
  std::string told;
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any wake;
  while (!wake.wait_for(lock, stop, kEvery, [&] { return stop.stop_requested(); })) {
    if (!files.look(stampsOf(files_), monotonicNow())) continue;
    const auto read = read_();
    files.wasRead(read.has_value(), monotonicNow());
    const std::string problem = read ? "" : read.error().message;
    if (!problem.empty() && problem != told) {
      log().warn("{} was changed and can't be used, so that what was read before stays: {}",
                 files_.front(), problem);
    }
    told = problem;
  }
}

}  // namespace rtcpub
