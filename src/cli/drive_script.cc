#include "cli/drive_script.h"

#include <array>
#include <charconv>
#include <utility>

#include "rtcpub/log.h"

namespace rtcpub::cli {
namespace {

constexpr std::string_view kBlanks = " \t\r";
/// An hour is more than a script drives by one command.
constexpr int kMostMs = 3'600'000;

/// Reads from the front of a text.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  void skipBlanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(kBlanks), rest_.size()));
  }
  bool take(char wanted) {
    skipBlanks();
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  template <class Number>
  std::optional<Number> number() {
    skipBlanks();
    Number value{};
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc()) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }
  /// In quotes; names of axes have none inside.
  std::optional<std::string> name() {
    if (!take('"')) return std::nullopt;
    const auto end = rest_.find('"');
    if (end == rest_.npos) return std::nullopt;
    std::string found(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return found;
  }
  bool done() {
    skipBlanks();
    return rest_.empty();
  }

 private:
  std::string_view rest_;
};

std::optional<Axes> readAxes(Reader& reader) {
  Axes axes;
  if (!reader.take('{')) return std::nullopt;
  if (reader.take('}')) return axes;
  do {
    auto axis = reader.name();
    if (!axis || !reader.take(':')) return std::nullopt;
    const auto value = reader.number<double>();
    if (!value) return std::nullopt;
    axes[*std::move(axis)] = *value;
  } while (reader.take(','));
  return reader.take('}') ? std::optional(axes) : std::nullopt;
}

std::string_view trimmed(std::string_view line) {
  const auto first = line.find_first_not_of(kBlanks);
  if (first == line.npos) return {};
  return line.substr(first, line.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

Result<std::optional<ScriptStep>> parseScriptLine(std::string_view line) {
  using Kind = ScriptStep::Kind;
  static constexpr std::array<std::pair<std::string_view, Kind>, 4> kWords{
      {{"take", Kind::kTake},
       {"release", Kind::kRelease},
       {"stop", Kind::kStop},
       {"clear", Kind::kClear}}};
  const auto text = trimmed(line);
  if (text.empty() || text.starts_with('#')) return std::nullopt;
  for (const auto& [word, kind] : kWords) {
    if (text == word) return ScriptStep{.kind = kind};
  }
  Reader reader(text);
  const auto length = reader.number<int>();
  const auto axes = length ? readAxes(reader) : std::nullopt;
  if (!axes || !reader.done() || *length < 0 || *length > kMostMs) {
    return tl::unexpected(Error{ErrorCode::kInvalidArgument,
                                "'" + escaped(text, 80) +
                                    "' is no step: write take, release, stop, clear, or "
                                    "milliseconds and axes, as 500 {\"throttle\": 0.5}"});
  }
  return ScriptStep{
      .kind = Kind::kDrive, .length = std::chrono::milliseconds(*length), .axes = *axes};
}

}  // namespace rtcpub::cli
