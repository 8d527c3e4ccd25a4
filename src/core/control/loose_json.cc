#include "core/control/loose_json.h"

#include <string>

#include "core/limits/json_shape.h"
#include "core/text/json_members.h"

namespace rtcpub::control {
namespace {

/// What is longer isn't read to find that it is something else.
constexpr std::size_t kMaxReadBytes = 4096;

std::string_view withoutMark(std::string_view text) {
  for (const std::string_view mark : {"\xff\xfe", "\xfe\xff", "\xef\xbb\xbf"}) {
    if (text.starts_with(mark)) return text.substr(mark.size());
  }
  return text;
}

}  // namespace

bool mayHaveMember(std::string_view wide, std::string_view name) {
  // UTF-16 and UTF-32 have zeros between the letters; large messages are no commands, and not
  // copied.
  std::string narrow;
  if (wide.find('\0') != wide.npos) {
    narrow = wide;
    std::erase(narrow, '\0');
    wide = narrow;
  }
  const std::string_view text = withoutMark(wide);
  const auto has = [&text](std::string_view part) { return text.find(part) != text.npos; };
  if (!has(name) && !has("\\u")) return false;  // its letters may be escaped
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return false;
  if (text.size() > kMaxReadBytes || !json::isSmall(text)) return true;
  const auto object = json::Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (object.is_discarded()) return text[begin] == '{';
  return object.is_object() && object.contains(name);
}

}  // namespace rtcpub::control
