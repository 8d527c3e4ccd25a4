#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "car/descriptor.h"
#include "core/car/motors.h"

namespace rtcpub::car {

/// What leads to a program of one's own: both processes can write to it, whichever of the program's
/// lives it is. The program sees its end when both are gone.
struct ProgramPipe {
  ProgramPipe();
  Descriptor read;
  Descriptor write;
};

/// Motors by a program of one's own: it gets a line of JSON for each change, and each 50 ms while
/// something moves. It is started again when it has ended, with neutral as its first line.
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
  Result<void> release() override { return {}; }

 private:
  Result<void> start();
  void end();

  const std::string command_;
  std::shared_ptr<ProgramPipe> pipe_;
  pid_t program_ = -1;
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
