#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

/// Members of a JSON object that others wrote: each may be absent, or of another type.
namespace rtcpub::json {

using Json = nlohmann::ordered_json;

/// Null where there is no such member: JSON's own null then means the same.
inline const Json* member(const Json& object, const char* name) {
  const auto at = object.find(name);
  return at == object.end() || at->is_null() ? nullptr : &*at;
}

/// Null where it is no string.
inline const std::string* stringMember(const Json& object, const char* name) {
  const Json* const value = member(object, name);
  return value == nullptr ? nullptr : value->get_ptr<const std::string*>();
}

/// Nothing where it isn't a whole number from 0 to `max`.
inline std::optional<int> integerMember(const Json& object, const char* name, int max) {
  const Json* const value = member(object, name);
  if (value == nullptr || !value->is_number_unsigned()) return std::nullopt;
  const auto number = value->get<std::uint64_t>();
  if (number > static_cast<std::uint64_t>(max)) return std::nullopt;
  return static_cast<int>(number);
}

/// Whole numbers up to here are the same in every program that reads JSON (RFC 8259 section 6).
inline constexpr std::uint64_t kMostExact = (std::uint64_t{1} << 53) - 1;

/// Nothing where it isn't a whole number from 0 to kMostExact.
inline std::optional<std::uint64_t> countMember(const Json& object, const char* name) {
  const Json* const value = member(object, name);
  if (value == nullptr || !value->is_number_unsigned()) return std::nullopt;
  const auto number = value->get<std::uint64_t>();
  return number > kMostExact ? std::nullopt : std::optional(number);
}

/// Nothing where it is no number from `least` to `most`.
inline std::optional<double> numberMember(const Json& object, const char* name, double least,
                                          double most) {
  const Json* const value = member(object, name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  const double number = value->get<double>();
  return number >= least && number <= most ? std::optional(number) : std::nullopt;
}

/// What is absent, or of another type, is false.
inline bool flagMember(const Json& object, const char* name) {
  const Json* const value = member(object, name);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

/// Nothing where it isn't an array of strings, of `most` at most.
inline std::optional<std::vector<std::string>> stringsMember(const Json& object, const char* name,
                                                             std::size_t most) {
  const Json* const values = member(object, name);
  if (values == nullptr || !values->is_array() || values->size() > most) return std::nullopt;
  std::vector<std::string> read;
  for (const Json& value : *values) {
    const auto* const text = value.get_ptr<const std::string*>();
    if (text == nullptr) return std::nullopt;
    read.push_back(*text);
  }
  return read;
}

}  // namespace rtcpub::json
