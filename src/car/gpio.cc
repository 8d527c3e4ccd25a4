#include "car/gpio.h"

#include <gpiod.h>

#include <cerrno>
#include <string>
#include <utility>

#include "car/process.h"

namespace rtcpub::car {
namespace {

constexpr const char* kConsumer = "rtcpub";

template <class T, void (*release)(T*)>
struct Release {
  void operator()(T* object) const { release(object); }
};
template <class T, void (*release)(T*)>
using Owned = std::unique_ptr<T, Release<T, release>>;

using Chip = Owned<gpiod_chip, gpiod_chip_close>;

tl::unexpected<Error> refuse(const Pin& pin, const char* what, int error) {
  std::string message =
      "line " + std::to_string(pin.line) + " of " + pin.chip + " " + what + ": " + errorText(error);
  if (error == EBUSY) message += "; another program has it (`gpioinfo` names it)";
  if (error == EACCES) message += "; add the user to the group gpio (SupplementaryGroups=gpio)";
  return fail(error == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo, message);
}

#if RTCPUB_LIBGPIOD_MAJOR >= 2

using Settings = Owned<gpiod_line_settings, gpiod_line_settings_free>;
using LineConfig = Owned<gpiod_line_config, gpiod_line_config_free>;
using RequestConfig = Owned<gpiod_request_config, gpiod_request_config_free>;
using Request = Owned<gpiod_line_request, gpiod_line_request_release>;
using Events = Owned<gpiod_edge_event_buffer, gpiod_edge_event_buffer_free>;

/// Null, and errno, if it isn't to be had.
Request request(const Pin& pin, const Settings& settings) {
  const Chip chip(gpiod_chip_open(pin.chip.c_str()));
  const LineConfig lines(gpiod_line_config_new());
  const RequestConfig config(gpiod_request_config_new());
  if (!chip || !lines || !config) return nullptr;
  const auto offset = static_cast<unsigned>(pin.line);
  gpiod_request_config_set_consumer(config.get(), kConsumer);
  if (gpiod_line_config_add_line_settings(lines.get(), &offset, 1, settings.get()) != 0) {
    return nullptr;
  }
  return Request(gpiod_chip_request_lines(chip.get(), config.get(), lines.get()));
}

class Output final : public OutputPin {
 public:
  Output(Pin pin, Request request) : pin_(std::move(pin)), request_(std::move(request)) {}
  Result<void> set(bool active) override {
    const auto value = active ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
    const auto offset = static_cast<unsigned>(pin_.line);
    if (gpiod_line_request_set_value(request_.get(), offset, value) == 0) return {};
    return refuse(pin_, "can't be set", errno);
  }

 private:
  const Pin pin_;
  const Request request_;
};

class Sensor final : public SensorPin {
 public:
  static constexpr std::size_t kMost = 16;
  Sensor(Pin pin, Request request, Events events)
      : pin_(std::move(pin)), request_(std::move(request)), events_(std::move(events)) {}
  [[nodiscard]] int descriptor() const override {
    return gpiod_line_request_get_fd(request_.get());
  }
  Result<void> take() override {
    if (gpiod_line_request_read_edge_events(request_.get(), events_.get(), kMost) >= 0) return {};
    return refuse(pin_, "can't be read", errno);
  }

 private:
  const Pin pin_;
  const Request request_;
  const Events events_;
};

Result<std::unique_ptr<OutputPin>> openOutput(const Pin& pin) {
  const Settings settings(gpiod_line_settings_new());
  if (!settings) return refuse(pin, "can't be had", errno);
  gpiod_line_settings_set_direction(settings.get(), GPIOD_LINE_DIRECTION_OUTPUT);
  gpiod_line_settings_set_active_low(settings.get(), pin.activeLow);
  gpiod_line_settings_set_output_value(settings.get(), GPIOD_LINE_VALUE_INACTIVE);
  auto line = request(pin, settings);
  if (!line) return refuse(pin, "can't be had", errno);
  return std::make_unique<Output>(pin, std::move(line));
}

Result<std::unique_ptr<SensorPin>> openSensor(const Pin& pin) {
  const Settings settings(gpiod_line_settings_new());
  Events events(gpiod_edge_event_buffer_new(Sensor::kMost));
  if (!settings || !events) return refuse(pin, "can't be had", errno);
  gpiod_line_settings_set_direction(settings.get(), GPIOD_LINE_DIRECTION_INPUT);
  gpiod_line_settings_set_active_low(settings.get(), pin.activeLow);
  gpiod_line_settings_set_edge_detection(settings.get(), GPIOD_LINE_EDGE_RISING);
  auto line = request(pin, settings);
  if (!line) return refuse(pin, "can't be had", errno);
  return std::make_unique<Sensor>(pin, std::move(line), std::move(events));
}

#else

/// The line goes with its chip. Null, and errno, if it isn't to be had.
gpiod_line* lineOf(const Chip& chip, const Pin& pin) {
  return chip ? gpiod_chip_get_line(chip.get(), static_cast<unsigned>(pin.line)) : nullptr;
}

int flagsOf(const Pin& pin) { return pin.activeLow ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0; }

class Output final : public OutputPin {
 public:
  Output(Pin pin, Chip chip, gpiod_line* line)
      : pin_(std::move(pin)), chip_(std::move(chip)), line_(line) {}
  Result<void> set(bool active) override {
    if (gpiod_line_set_value(line_, active ? 1 : 0) == 0) return {};
    return refuse(pin_, "can't be set", errno);
  }

 private:
  const Pin pin_;
  const Chip chip_;
  gpiod_line* const line_;
};

class Sensor final : public SensorPin {
 public:
  Sensor(Pin pin, Chip chip, gpiod_line* line)
      : pin_(std::move(pin)), chip_(std::move(chip)), line_(line) {}
  [[nodiscard]] int descriptor() const override { return gpiod_line_event_get_fd(line_); }
  Result<void> take() override {
    gpiod_line_event event{};
    if (gpiod_line_event_read(line_, &event) == 0) return {};
    return refuse(pin_, "can't be read", errno);
  }

 private:
  const Pin pin_;
  const Chip chip_;
  gpiod_line* const line_;
};

Result<std::unique_ptr<OutputPin>> openOutput(const Pin& pin) {
  Chip chip(gpiod_chip_open(pin.chip.c_str()));
  gpiod_line* const line = lineOf(chip, pin);
  if (line == nullptr || gpiod_line_request_output_flags(line, kConsumer, flagsOf(pin), 0) != 0) {
    return refuse(pin, "can't be had", errno);
  }
  return std::make_unique<Output>(pin, std::move(chip), line);
}

Result<std::unique_ptr<SensorPin>> openSensor(const Pin& pin) {
  Chip chip(gpiod_chip_open(pin.chip.c_str()));
  gpiod_line* const line = lineOf(chip, pin);
  if (line == nullptr ||
      gpiod_line_request_rising_edge_events_flags(line, kConsumer, flagsOf(pin)) != 0) {
    return refuse(pin, "can't be had", errno);
  }
  return std::make_unique<Sensor>(pin, std::move(chip), line);
}

#endif

}  // namespace

Result<std::unique_ptr<OutputPin>> OutputPin::open(const Pin& pin) { return openOutput(pin); }

Result<std::unique_ptr<SensorPin>> SensorPin::open(const Pin& pin) { return openSensor(pin); }

}  // namespace rtcpub::car
