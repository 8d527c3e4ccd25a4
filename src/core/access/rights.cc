#include "rtcpub/rights.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text/text.h"

namespace rtcpub {
namespace {

constexpr std::array<std::pair<Right, std::string_view>, 4> kNames{{{Right::kPublish, "publish"},
                                                                    {Right::kView, "view"},
                                                                    {Right::kDrive, "drive"},
                                                                    {Right::kAdmin, "admin"}}};

}  // namespace

std::string_view name(Right right) {
  const auto* const found =
      std::ranges::find(kNames, right, [](const auto& each) { return each.first; });
  return found == kNames.end() ? "" : found->second;
}

std::string format(Rights rights) {
  std::string text;
  for (const auto& [right, word] : kNames) {
    if (!rights.has(right)) continue;
    text.append(text.empty() ? "" : ",").append(word);
  }
  return text;
}

Result<Rights> parseRights(std::string_view text) {
  Rights rights;
  for (std::optional<std::string_view> rest = text; rest;) {
    const auto [word, after] = text::splitAt(*rest, ',');
    const auto* const found =
        std::ranges::find(kNames, word, [](const auto& each) { return each.second; });
    if (found == kNames.end()) {
      return fail(ErrorCode::kInvalidArgument,
                  text::quote(word) +
                      " is no right: publish, view, drive and admin are, several joined by commas");
    }
    rights = rights | found->first;
    rest = after;
  }
  return rights;
}

}  // namespace rtcpub
