#include "core/car/car_uri.h"

#include <array>
#include <charconv>
#include <utility>

#include "core/text/query.h"
#include "core/text/text.h"

namespace rtcpub::car {
namespace {

constexpr int kLeastPulseUs = 400;
constexpr int kMostPulseUs = 2600;
constexpr int kLeastFrequency = 40;
constexpr int kMostFrequency = 333;
constexpr int kMostPca9685Channel = 15;
constexpr int kMostSysfsChannel = 255;
constexpr int kLeastAddress = 0x08;  // below and above are I2C's own
constexpr int kMostAddress = 0x77;
constexpr int kMostPin = 1023;

tl::unexpected<Error> refuse(std::string what) {
  return fail(ErrorCode::kInvalidArgument, "motors: " + std::move(what));
}

Result<int> readNumber(const std::string& name, const std::string& value, int min, int max) {
  const auto number = text::parseInteger(value, min, max);
  if (number) return *number;
  return refuse(name + " takes a number from " + std::to_string(min) + " to " +
                std::to_string(max) + ", not " + text::quote(value));
}

Result<int> readAddress(const std::string& value) {
  const std::string_view digits = value.starts_with("0x") ? std::string_view(value).substr(2) : "";
  int address = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), address, 16);
  const bool whole = !digits.empty() && error == std::errc() && end == digits.end();
  if (whole && address >= kLeastAddress && address <= kMostAddress) return address;
  return refuse("address takes what `i2cdetect` shows, from 0x08 to 0x77, not " +
                text::quote(value));
}

/// MIN,CENTRE,MAX
Result<Pulses> readPulses(const std::string& name, const std::string& value) {
  const auto [min, rest] = text::splitAt(value, ',');
  const auto [centre, max] = text::splitAt(rest.value_or(""), ',');
  const std::string takes =
      name +
      " takes three pulses in microseconds, 400 to 2600, the middle one between the others, "
      "as 1000,1500,2000, not " +
      text::quote(value);
  std::array<int, 3> pulses{};
  const std::array<std::string_view, 3> texts{min, centre, max.value_or("")};
  for (std::size_t at = 0; at < texts.size(); ++at) {
    const auto pulse = text::parseInteger(texts.at(at), kLeastPulseUs, kMostPulseUs);
    if (!pulse) return refuse(takes);
    pulses.at(at) = *pulse;
  }
  const Pulses read{.min = pulses[0], .centre = pulses[1], .max = pulses[2]};
  const bool rises = read.min < read.centre && read.centre < read.max;
  const bool falls = read.min > read.centre && read.centre > read.max;
  if (rises || falls) return read;
  return refuse(takes);
}

/// Puts what was read into its place.
template <class T>
Result<void> keep(Result<T> read, T& place) {
  if (!read) return tl::unexpected(read.error());
  place = *std::move(read);
  return {};
}

Result<void> readPwmOption(const std::string& name, const std::string& value, int mostChannel,
                           PwmOptions& pwm) {
  if (name == "frequency") {
    return keep(readNumber(name, value, kLeastFrequency, kMostFrequency), pwm.frequency);
  }
  if (name == "steering") {
    return keep(readNumber(name, value, 0, mostChannel), pwm.steering.channel);
  }
  if (name == "throttle") {
    return keep(readNumber(name, value, 0, mostChannel), pwm.throttle.channel);
  }
  if (name == "steering-pulse") return keep(readPulses(name, value), pwm.steering.pulses);
  if (name == "throttle-pulse") return keep(readPulses(name, value), pwm.throttle.pulses);
  return refuse("there is no option " + text::quote(name) +
                "; there are frequency, steering, throttle (channels), steering-pulse, "
                "throttle-pulse, and address of a PCA9685");
}

Result<void> check(const PwmOptions& pwm) {
  if (pwm.steering.channel != pwm.throttle.channel) return {};
  return refuse("steering and throttle can't both be on channel " +
                std::to_string(pwm.steering.channel));
}

Result<query::Parameters> readOptions(std::string_view text) {
  auto parameters = query::parse(text);
  if (parameters) return parameters;
  return refuse("options " + parameters.error().message);
}

Result<CarUri> parsePca9685(std::string_view text) {
  const auto [device, options] = text::splitAt(text, '?');
  if (device.empty() || text::hasControl(device)) {
    return refuse("pca9685: takes the I2C bus, as pca9685:/dev/i2c-1");
  }
  Pca9685Uri uri{.device = std::string(device), .pwm = {}};
  const auto parameters = readOptions(options.value_or(""));
  if (!parameters) return tl::unexpected(parameters.error());
  for (const auto& [name, value] : *parameters) {
    const auto read = name == "address" ? keep(readAddress(value), uri.address)
                                        : readPwmOption(name, value, kMostPca9685Channel, uri.pwm);
    if (!read) return tl::unexpected(read.error());
  }
  if (auto right = check(uri.pwm); !right) return tl::unexpected(right.error());
  return uri;
}

/// A chip by its number, its name or its directory.
std::string pwmDirectory(std::string_view chip) {
  if (chip.starts_with('/')) return std::string(chip);
  const std::string name(chip);
  return "/sys/class/pwm/" + (name.starts_with("pwmchip") ? name : "pwmchip" + name);
}

Result<CarUri> parseSysfsPwm(std::string_view text) {
  const auto [chip, options] = text::splitAt(text, '?');
  const bool path = chip.starts_with('/');
  if (chip.empty() || text::hasControl(chip) ||
      (!path && chip.find('/') != std::string_view::npos)) {
    return refuse("sysfs-pwm: takes a chip of /sys/class/pwm, as sysfs-pwm:0");
  }
  SysfsPwmUri uri{.directory = pwmDirectory(chip), .pwm = {}};
  const auto parameters = readOptions(options.value_or(""));
  if (!parameters) return tl::unexpected(parameters.error());
  for (const auto& [name, value] : *parameters) {
    const auto read = readPwmOption(name, value, kMostSysfsChannel, uri.pwm);
    if (!read) return tl::unexpected(read.error());
  }
  if (auto right = check(uri.pwm); !right) return tl::unexpected(right.error());
  return uri;
}

Result<CarUri> parseExec(std::string_view text) {
  if (text.find_first_not_of(" \t") == std::string_view::npos || text::hasControl(text)) {
    return refuse("exec: takes a program, as exec:./motors.py");
  }
  return ExecUri{std::string(text)};
}

Result<CarUri> parsePrint(std::string_view text) {
  if (text::hasControl(text)) return refuse("print: takes a file, as print:/tmp/car.jsonl");
  return PrintUri{std::string(text)};
}

Result<CarUri> parseSim(std::string_view text) {
  if (text.empty()) return PrintUri{};
  return refuse("sim: takes nothing behind it, not " + text::quote(text));
}

using Parser = Result<CarUri> (*)(std::string_view);
constexpr std::array<std::pair<std::string_view, Parser>, 5> kParsers{{
    {"pca9685", parsePca9685},
    {"sysfs-pwm", parseSysfsPwm},
    {"exec", parseExec},
    {"print", parsePrint},
    {"sim", parseSim},
}};

}  // namespace

Result<CarUri> parseCarUri(std::string_view text) {
  const auto [scheme, rest] = text::splitAt(text, ':');
  if (rest) {
    for (const auto& [name, parser] : kParsers) {
      if (scheme == name) return parser(*rest);
    }
  }
  return refuse(text::quote(text) +
                " does not begin with pca9685:, sysfs-pwm:, exec:, print: or sim:, as "
                "pca9685:/dev/i2c-1 does");
}

PwmOptions pwmOf(const CarUri& uri) {
  if (const auto* chip = std::get_if<Pca9685Uri>(&uri)) return chip->pwm;
  if (const auto* kernel = std::get_if<SysfsPwmUri>(&uri)) return kernel->pwm;
  return {};
}

Result<Pin> parsePin(std::string_view text, bool activeLow) {
  const auto [name, options] = text::splitAt(text, '?');
  const auto [chip, line] = text::splitAt(name, ':');
  const auto number = text::parseInteger(line.value_or(""), 0, kMostPin);
  if (!number || chip.empty() || text::hasControl(chip)) {
    return fail(
        ErrorCode::kInvalidArgument,
        "a pin is named by its chip and its line, as gpiochip0:17 (`gpioinfo` lists them), not " +
            text::quote(text));
  }
  Pin pin{.chip = chip.starts_with('/') ? std::string(chip) : "/dev/" + std::string(chip),
          .line = *number,
          .activeLow = activeLow};
  if (options == "active=low") {
    pin.activeLow = true;
  } else if (options == "active=high") {
    pin.activeLow = false;
  } else if (options) {
    return fail(ErrorCode::kInvalidArgument,
                "behind a pin may stand ?active=low or ?active=high, not " + text::quote(*options));
  }
  return pin;
}

}  // namespace rtcpub::car
