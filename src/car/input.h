#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "car/descriptor.h"
#include "core/car/line.h"
#include "core/car/line_buffer.h"
#include "rtcpub/result.h"

namespace rtcpub::car {

/// Where lines come from: standard input, or whoever connects to a Unix socket, one at a time.
/// Runs on: one thread.
class Input {
 public:
  /// Standard input, until it ends.
  Input() = default;
  /// Listens at this path, which its owner alone can reach (mode 0600). Errors: kInvalidArgument
  /// (the path is too long), kIo (another program listens there, or it can't be made).
  static Result<Input> listen(const std::string& path);
  Input(Input&&) = default;
  Input& operator=(Input&&) = delete;
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  ~Input();

  enum class Event {
    kNothing,
    kLines,  ///< there may be some
    kEnded,  ///< who wrote is gone; another one may come
    kOver,   ///< nobody will come any more
  };

  /// What to wait for until it can be read.
  [[nodiscard]] std::vector<int> descriptors() const;
  /// Takes what has come at that descriptor.
  Event take(int descriptor);
  std::optional<std::string_view> next() { return lines_.next(); }

 private:
  Event accept();
  Event read(int descriptor);

  std::string path_;
  Descriptor listener_;
  Descriptor connection_;
  LineBuffer lines_{kMaxLineBytes};
};

}  // namespace rtcpub::car
