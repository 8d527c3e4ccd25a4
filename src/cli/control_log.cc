#include "cli/control_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include "cli/output.h"

namespace rtcpub::cli {
namespace {

constexpr mode_t kMode = 0640;

class Writer {
 public:
  Writer(int file, std::string path) : file_(file), path_(std::move(path)) {}
  ~Writer() { ::close(file_); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void line(const std::string& text) {
    // A line that was cut off stays alone.
    const std::string line = (cut_ ? "\n" : "") + text + "\n";
    const auto written = ::write(file_, line.data(), line.size());
    cut_ = written > 0 ? static_cast<std::size_t>(written) < line.size() : cut_;
    if (written == static_cast<ssize_t>(line.size()) || std::exchange(complained_, true)) return;
    const int error = written < 0 ? errno : ENOSPC;
    complain(path_ + ": " + std::generic_category().message(error) +
             "; what happens at the gate isn't recorded while that lasts");
  }

 private:
  const int file_;
  const std::string path_;
  bool cut_ = false;
  bool complained_ = false;
};

void record(int file, std::string path, Subscription<ControlEvent> journal) {
  Writer writer(file, std::move(path));
  std::uint64_t lost = 0;
  while (const auto event = journal.get()) {
    const auto dropped = journal.dropped();
    if (dropped != std::exchange(lost, dropped)) {
      writer.line(R"({"event":"lost","records":)" + std::to_string(dropped) + "}");
    }
    writer.line(toJson(*event));
  }
}

}  // namespace

Result<int> ControlLog::open(const std::string& path) {
  // A FIFO that nobody reads would keep whoever opens it waiting.
  const int file =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_CLOEXEC, kMode);
  if (file >= 0) return file;
  return fail(ErrorCode::kIo, path + ": " + std::generic_category().message(errno) +
                                  ": what happens at the gate can't be recorded there");
}

ControlLog::ControlLog(int file, std::string path, Subscription<ControlEvent> journal)
    : thread_([file, path = std::move(path), journal = std::move(journal)]() mutable {
        record(file, std::move(path), std::move(journal));
      }) {}

}  // namespace rtcpub::cli
