#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "car/descriptor.h"
#include "core/car/motors.h"
#include "core/car/program_watch.h"

namespace rtcpub::car {

/// What leads to a program of one's own: both processes can write to it, whichever of the program's
/// lives it is. The program sees its end when both are gone.
struct ProgramPipe {
  ProgramPipe();
  Descriptor read;
  Descriptor write;
};

/// Motors by a program of one's own: it gets a line of JSON for each change, and again each 50 ms
/// while something moves and each 250 ms while nothing does. It is relied on when it has lived for
/// a moment and reads; when it ends, or doesn't read, it is started anew, with neutral as its first
/// line: soon, and later each time that it comes to nothing.
/// Runs on: one thread.
class ProgramMotors final : public Motors {
 public:
  ProgramMotors(std::string command, std::shared_ptr<ProgramPipe> pipe)
      : command_(std::move(command)), pipe_(std::move(pipe)) {}
  /// Waits for a moment until it has ended by itself, then ends it.
  ~ProgramMotors() override;

  Result<void> prepare() override;
  Result<void> write(const Position& position) override;
  Result<void> check() override;
  [[nodiscard]] std::optional<std::string> awaited() const override;
  Result<void> release() override { return {}; }

 private:
  Result<void> start();
  Result<void> tell(const Position& position);
  Result<void> gone(const std::string& how);
  Result<void> giveUp(const std::string& why);
  void end();

  const std::string command_;
  std::shared_ptr<ProgramPipe> pipe_;
  pid_t program_ = -1;
  ProgramWatch watch_;
  ProgramWatch::Finding finding_ = ProgramWatch::Finding::kBegins;
  std::string why_;  ///< it doesn't run
};

/// The same program, for who doesn't start it.
class ProgramInput final : public Motors {
 public:
  explicit ProgramInput(std::shared_ptr<ProgramPipe> pipe) : pipe_(std::move(pipe)) {}

  Result<void> prepare() override { return {}; }
  Result<void> write(const Position& position) override;
  Result<void> check() override { return {}; }
  Result<void> release() override { return {}; }

 private:
  const std::shared_ptr<ProgramPipe> pipe_;
};

}  // namespace rtcpub::car
