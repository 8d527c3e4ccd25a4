#pragma once

#include <gst/gst.h>

#include <string>
#include <vector>

namespace rtcpub::fake {

struct Choice {
  int value;
  const char* nick;
};

/// A property as the vendor's element has it: its name, type, range and default.
struct Property {
  enum class Kind { kBoolean, kInt, kUInt, kUInt64, kFloat, kText, kStructure, kChoice };

  std::string name;
  Kind kind = Kind::kBoolean;
  double initial = 0;
  double lowest = 0;
  double highest = 0;
  const char* text = nullptr;     // kText: the default
  std::vector<Choice> choices{};  // kChoice
};

inline constexpr double kMaxInt = 2147483647.0;
inline constexpr double kMaxUInt = 4294967295.0;
inline constexpr double kMaxUInt64 = 9.2e18;  // near enough

Property boolean(std::string name, bool initial = false);
Property integer(std::string name, double initial, double lowest = -1, double highest = kMaxInt);
Property count(std::string name, double initial, double lowest = 0, double highest = kMaxUInt);
Property nanoseconds(std::string name, double initial, double lowest = 0);
Property real(std::string name, double initial, double lowest, double highest);
Property text(std::string name, const char* initial = nullptr);
/// A GstStructure.
Property structure(std::string name);
Property choice(std::string name, int initial, std::vector<Choice> choices);

/// Makes the specification that GObject wants; `owner` makes the names of enumerations unique.
GParamSpec* makeParamSpec(const Property& property, const std::string& owner);

}  // namespace rtcpub::fake
