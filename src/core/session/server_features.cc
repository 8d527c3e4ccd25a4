#include "core/session/server_features.h"

#include <optional>

#include "core/text/text.h"

namespace rtcpub {
namespace {

constexpr std::string_view kFlexfec = "flexfec-03";
constexpr std::string_view kControl = "control";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

}  // namespace

ServerFeatures parseFeatures(std::string_view value) {
  ServerFeatures features;
  for (std::optional<std::string_view> rest = value; rest;) {
    const auto [name, after] = text::splitAt(*rest, ',');
    if (trimmed(name) == kFlexfec) features.flexfec = true;
    if (trimmed(name) == kControl) features.control = true;
    rest = after;
  }
  return features;
}

std::string format(const ServerFeatures& features) {
  std::string names;
  const auto add = [&names](std::string_view name) {
    names += (names.empty() ? "" : ", ") + std::string(name);
  };
  if (features.flexfec) add(kFlexfec);
  if (features.control) add(kControl);
  return names;
}

}  // namespace rtcpub
