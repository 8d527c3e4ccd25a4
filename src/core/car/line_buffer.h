#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rtcpub::car {

/// Cuts what is read into lines; those that are too long are left out. Pure, one thread.
class LineBuffer {
 public:
  explicit LineBuffer(std::size_t longest) : longest_(longest) {}

  /// Takes what was read.
  void feed(std::string_view bytes);
  /// The next line that is complete, without its end; valid until feed().
  std::optional<std::string_view> next();
  /// Forgets what is there: what comes is from somebody else.
  void clear();
  /// How many lines were left out.
  [[nodiscard]] int tooLong() const { return tooLong_; }

 private:
  const std::size_t longest_;
  std::string pending_;
  std::size_t start_ = 0;  ///< of what next() hasn't given
  bool skipping_ = false;  ///< the rest of a line that is too long
  int tooLong_ = 0;
};

}  // namespace rtcpub::car
