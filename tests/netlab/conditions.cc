#include "conditions.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace netlab {
namespace {

using Numbers = std::vector<double>;

std::optional<double> parseNumber(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  // A day, 1 Gbit/s in kbit/s: nothing that a link is asked for is larger, and all sums stay in
  // range.
  if (!std::isfinite(number) || number < 0 || number > 1e8) return std::nullopt;
  return number;
}

/// Numbers parted by commas.
std::optional<Numbers> parseNumbers(std::string_view text) {
  Numbers numbers;
  while (true) {
    const auto comma = text.find(',');
    const auto number = parseNumber(text.substr(0, comma));
    if (!number) return std::nullopt;
    numbers.push_back(*number);
    if (comma == std::string_view::npos) return numbers;
    text.remove_prefix(comma + 1);
  }
}

bool arePercentages(const Numbers& numbers) {
  return std::ranges::all_of(numbers, [](double number) { return number <= 100; });
}

bool setSwitch(bool& target, const Numbers& values) {
  if (values.size() != 1 || (values[0] != 0 && values[0] != 1)) return false;
  target = values[0] == 1;
  return true;
}

bool setJitter(Conditions& conditions, const Numbers& values) {
  if (values.size() > 2 || (values.size() == 2 && values[0] > values[1])) return false;
  conditions.jitterLeast = values.size() == 2 ? milliseconds(values[0]) : Time{};
  conditions.jitterMost = milliseconds(values.back());
  return true;
}

bool setReorder(Conditions& conditions, const Numbers& values) {
  const bool off = values == Numbers{0};
  if (!off && (values.size() != 2 || values[0] > 100)) return false;
  conditions.reorder = values[0] / 100;
  conditions.reorderBy = off ? Time{} : milliseconds(values[1]);
  return true;
}

bool setBurst(Conditions& conditions, const Numbers& values) {
  if (values == Numbers{0}) {
    conditions.burst = {};
    return true;
  }
  if (values.size() < 2 || values.size() > 4 || !arePercentages(values)) return false;
  conditions.burst = {values[0] / 100, values[1] / 100};
  if (values.size() > 2) conditions.burst.lossInBad = values[2] / 100;
  if (values.size() > 3) conditions.burst.lossInGood = values[3] / 100;
  return true;
}

bool setWalk(Conditions& conditions, const Numbers& values) {
  if (values == Numbers{0}) {
    conditions.walk = {};
    return true;
  }
  const bool wellFormed = values.size() == 3 || (values.size() == 4 && values[3] >= 1);
  // No step under a millisecond: the schedule of a late start would take long to catch up with.
  if (!wellFormed || values[0] <= 0 || values[0] > values[1] || values[2] < 1) return false;
  conditions.walk = {values[0] * 1000, values[1] * 1000, milliseconds(values[2])};
  if (values.size() == 4) conditions.walk.factor = values[3];
  return true;
}

/// A setting of one time in milliseconds.
auto timeSetting(Time Conditions::*member) {
  return [member](Conditions& conditions, const Numbers& values) {
    if (values.size() != 1) return false;
    conditions.*member = milliseconds(values[0]);
    return true;
  };
}

/// A setting of one number, which is multiplied; at most `most`.
auto numberSetting(double Conditions::*member, double factor, double most) {
  return [member, factor, most](Conditions& conditions, const Numbers& values) {
    if (values.size() != 1 || values[0] > most) return false;
    conditions.*member = values[0] * factor;
    return true;
  };
}

/// A setting of one number of bytes.
auto bytesSetting(std::size_t Conditions::*member) {
  return [member](Conditions& conditions, const Numbers& values) {
    if (values.size() != 1) return false;
    conditions.*member = static_cast<std::size_t>(values[0]);
    return true;
  };
}

auto switchSetting(bool Conditions::*member) {
  return [member](Conditions& conditions, const Numbers& values) {
    return setSwitch(conditions.*member, values);
  };
}

using Setting = std::function<bool(Conditions&, const Numbers&)>;

const std::map<std::string, Setting, std::less<>>& allSettings() {
  static const std::map<std::string, Setting, std::less<>> settings{
      {"burst", setBurst},
      {"delay", timeSetting(&Conditions::delay)},
      {"down", switchSetting(&Conditions::down)},
      {"duplicate", numberSetting(&Conditions::duplicate, 0.01, 100)},
      {"hold", switchSetting(&Conditions::hold)},
      {"jitter", setJitter},
      {"jitter-step", timeSetting(&Conditions::jitterStep)},
      {"loss", numberSetting(&Conditions::loss, 0.01, 100)},
      {"mtu", bytesSetting(&Conditions::largest)},
      {"no-udp", switchSetting(&Conditions::udpBlocked)},
      {"queue-bytes", bytesSetting(&Conditions::queueBytes)},
      {"queue", timeSetting(&Conditions::queueTime)},
      {"rate", numberSetting(&Conditions::rate, 1000, 1e6)},
      {"reorder", setReorder},
      {"walk", setWalk},
  };
  return settings;
}

bool applyWord(Conditions& conditions, std::string_view word) {
  const auto equals = word.find('=');
  if (equals == std::string_view::npos) return false;
  const auto setting = allSettings().find(word.substr(0, equals));
  if (setting == allSettings().end()) return false;
  const auto values = parseNumbers(word.substr(equals + 1));
  return values && setting->second(conditions, *values);
}

}  // namespace

tl::expected<Conditions, std::string> withSettings(Conditions conditions,
                                                   std::span<const std::string> settings) {
  for (const auto& word : settings) {
    if (!applyWord(conditions, word))
      return tl::unexpected("'" + word + "' is no setting of a link");
  }
  return conditions;
}

}  // namespace netlab
