#include "net/http_message.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "core/text/text.h"

namespace rtcpub::net {

namespace {

bool sameName(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view withoutBlanks(std::string_view text) {
  constexpr std::string_view kBlank = " \t";
  const auto begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

}  // namespace

void HttpHeaders::add(std::string_view name, std::string_view value) {
  fields_.emplace_back(name, value);
}

std::size_t HttpHeaders::count(std::string_view name) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      fields_, [name](const Field& field) { return sameName(field.first, name); }));
}

std::string HttpHeaders::operator[](std::string_view name) const {
  std::string joined;
  bool first = true;
  for (const auto& [fieldName, value] : fields_) {
    if (!sameName(fieldName, name)) continue;
    if (!std::exchange(first, false)) joined += ", ";
    joined += value;
  }
  return joined;
}

std::vector<std::string_view> elementsOf(std::string_view value) {
  std::vector<std::string_view> parts;
  std::optional<std::string_view> rest = value;
  while (rest) {
    const auto [part, others] = text::splitAt(*rest, ',');
    if (const auto trimmed = withoutBlanks(part); !trimmed.empty()) parts.push_back(trimmed);
    rest = others;
  }
  return parts;
}

std::string_view HttpRequest::path() const { return text::splitAt(target, '?').before; }

Result<query::Parameters> HttpRequest::query() const {
  return query::parse(text::splitAt(target, '?').after.value_or(""));
}

HttpResponse errorResponse(int status, std::string_view why, std::string_view code) {
  nlohmann::ordered_json body = {{"error", why}};
  if (!code.empty()) body["code"] = code;
  HttpResponse response =
      jsonResponse(body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  response.status = status;
  return response;
}

HttpResponse jsonResponse(std::string json) {
  return {.body = std::move(json), .headers = {{"Cache-Control", "no-store"}}};
}

}  // namespace rtcpub::net
