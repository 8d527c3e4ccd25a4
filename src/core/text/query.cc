#include "core/text/query.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/text/text.h"

namespace rtcpub::query {
namespace {

constexpr std::size_t kMaxLength = 4096;
constexpr std::size_t kMaxParameters = 32;

std::optional<int> hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

/// The byte of the `XX` of a `%XX`.
std::optional<char> hexByte(std::string_view digits) {
  if (digits.size() != 2) return std::nullopt;
  const auto high = hexDigit(digits[0]);
  const auto low = hexDigit(digits[1]);
  if (!high || !low) return std::nullopt;
  return static_cast<char>(*high * 16 + *low);
}

bool isUnreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

Result<std::pair<std::string, std::string>> parseParameter(std::string_view text) {
  const auto [before, after] = text::splitAt(text, '=');
  auto name = percentDecode(before);
  if (!name) return tl::unexpected(name.error());
  if (name->empty()) {
    return fail(ErrorCode::kInvalidArgument, "a parameter of the query has no name");
  }
  auto value = percentDecode(after.value_or(""));
  if (!value) return tl::unexpected(value.error());
  return std::pair(*std::move(name), *std::move(value));
}

}  // namespace

Result<std::string> percentDecode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const auto byte = hexByte(text.substr(i + 1, 2));
    if (!byte) {
      return fail(
          ErrorCode::kInvalidArgument,
          "a '%' must be followed by two hexadecimal digits (write %25 for the '%' itself)");
    }
    out += *byte;
    i += 2;
  }
  if (text::hasControl(out)) {
    return fail(ErrorCode::kInvalidArgument, "control characters are not allowed");
  }
  return out;
}

std::string percentEncode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (isUnreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out;
}

Result<Parameters> parse(std::string_view query) {
  if (query.size() > kMaxLength) {
    return fail(ErrorCode::kInvalidArgument, "the query is over 4096 characters long");
  }
  Parameters parameters;
  std::optional<std::string_view> rest = query;
  while (rest) {
    const auto [part, others] = text::splitAt(*rest, '&');
    rest = others;
    if (part.empty()) continue;
    auto parameter = parseParameter(part);
    if (!parameter) return tl::unexpected(parameter.error());
    if (parameters.size() == kMaxParameters) {
      return fail(ErrorCode::kInvalidArgument, "the query has more than 32 parameters");
    }
    const auto [at, isNew] = parameters.insert(*std::move(parameter));
    if (!isNew) {
      return fail(ErrorCode::kInvalidArgument,
                  "the query has " + text::quote(at->first) + " more than once");
    }
  }
  return parameters;
}

}  // namespace rtcpub::query
