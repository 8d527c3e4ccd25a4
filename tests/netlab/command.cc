#include "command.h"

#include <charconv>
#include <cmath>
#include <sstream>

namespace netlab {
namespace {

using Words = std::vector<std::string>;

Words split(std::string_view line) {
  std::istringstream in{std::string(line)};
  Words words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

/// At most a day.
std::optional<Time> parseSeconds(const std::string& word) {
  double count = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), count);
  if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  if (!std::isfinite(count) || count < 0 || count > 86'400) return std::nullopt;
  return seconds(count);
}

std::optional<Direction> parseDirection(const std::string& word) {
  if (word == "up") return Direction::kUp;
  if (word == "down") return Direction::kDown;
  if (word == "both") return Direction::kBoth;
  return std::nullopt;
}

tl::expected<Command, std::string> parseSet(const Words& words, std::optional<Time> at) {
  if (words.size() < 4)
    return tl::unexpected(std::string("expected: set LINK up|down|both KEY=VALUE…"));
  const auto direction = parseDirection(words[2]);
  if (!direction) return tl::unexpected("'" + words[2] + "' is none of up, down and both");
  return Set{at, words[1], *direction, Words(words.begin() + 3, words.end())};
}

tl::expected<Command, std::string> parseAt(const Words& words) {
  const auto at = words.size() > 2 ? parseSeconds(words[1]) : std::nullopt;
  if (!at || words[2] != "set")
    return tl::unexpected(std::string("expected: at SECONDS set LINK up|down|both KEY=VALUE…"));
  return parseSet(Words(words.begin() + 2, words.end()), at);
}

}  // namespace

tl::expected<Command, std::string> parseCommand(std::string_view line) {
  const auto words = split(line);
  if (words.empty()) return tl::unexpected(std::string("expected: link, set, at, start or stats"));
  if (words[0] == "set") return parseSet(words, std::nullopt);
  if (words[0] == "at") return parseAt(words);
  if (words[0] == "link" && words.size() == 6)
    return AddLink{words[1], {words[2], words[3]}, {words[4], words[5]}};
  if (words[0] == "start" && words.size() == 1) return Start{};
  if (words[0] == "stats" && words.size() == 1) return Stats{};
  return tl::unexpected("'" + std::string(line) + "' is no command: link, set, at, start or stats");
}

}  // namespace netlab
