#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "car/descriptor.h"
#include "car/equipment.h"
#include "car/gpio.h"
#include "car/guard.h"
#include "car/input.h"
#include "car/service_notice.h"
#include "car/shared_memory.h"
#include "core/car/helm.h"
#include "core/car/peer_watch.h"
#include "core/car/power_switch.h"
#include "rtcpub/result.h"

namespace rtcpub::car {

/// The first process: it reads lines and drives the motors, and watches over the guard.
/// Runs on: one thread.
class Writer {
 public:
  struct Parts {
    Equipment& equipment;
    Shared& shared;
    Input& input;
    SensorPin* sensor = nullptr;  ///< null: no lap sensor
    const Descriptor& guard;
    double ramp = 0;
  };
  explicit Writer(Parts parts);

  /// Until `stop`, or its input is over: then the motors are stopped and released. Errors: kIo (the
  /// guard is gone: the motors are at neutral; they couldn't be brought there).
  Result<void> run(const std::stop_token& stop);

 private:
  void wait(int stopped);
  void takeInput(int descriptor, Time now);
  void takeLine(std::string_view line, Time now);
  void takeLap(Time now);
  void takeMaxSpeed(const MaxSpeed& speed, Time now);
  [[nodiscard]] std::optional<std::string> lostGuard(Time now);

  void keepMotors(Time now);
  void prepare(Time now);
  void updateReady(const std::string& why);
  void failed(const Error& error, Time now);
  void drive(Time now);
  Result<void> write(Position position, std::optional<Time> until, Time now);
  void power(Time now);
  Result<void> stopMotors(const std::string& reason);
  void beat(Time now);

  const Parts parts_;
  OpenMotors made_;
  Helm helm_;
  PeerWatch watch_;
  ServiceNotice notice_;
  bool over_ = false;      ///< nobody will give commands any more
  bool prepared_ = false;  ///< the motors are
  Time preparedAt_{};
  bool awaits_ = false;  ///< what they need before they can be relied on
  bool ready_ = false;   ///< and the guard reaches them, too
  bool saidReady_ = false;
  std::string why_;  ///< not
  std::optional<Position> written_;
  Time tryAt_{};    ///< to prepare, or check, the motors
  Time writeAt_{};  ///< what is written already
  PowerSwitch power_;
  bool powered_ = false;  ///< the pin says so
  std::optional<Time> lapAt_;
  Time warnAt_{};       ///< of lines that are none, at the earliest
  Time warnSpeedAt_{};  ///< of a top speed that is none
};

}  // namespace rtcpub::car
