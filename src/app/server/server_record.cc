#include "app/server/server_record.h"

#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "core/limits/json_shape.h"
#include "net/private_file.h"

namespace rtcpub {
namespace {

constexpr mode_t kOwnerReadsAndWrites = 0600;

std::string fileIn(const std::string& dataDir) { return dataDir + "/server.json"; }

/// Empty if there is none.
std::string textIn(const nlohmann::json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

std::string format(const ServerRecord& record) {
  const nlohmann::ordered_json json{
      {"audience", record.audience}, {"urls", record.urls}, {"fingerprint", record.fingerprint}};
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

ServerRecord parseServerRecord(const std::string& json) {
  ServerRecord record;
  if (!json::isSmall(json)) return record;
  const auto parsed = nlohmann::json::parse(json, nullptr, false);
  if (!parsed.is_object()) return record;
  record.audience = textIn(parsed, "audience");
  record.fingerprint = textIn(parsed, "fingerprint");
  const auto urls = parsed.find("urls");
  if (urls == parsed.end() || !urls->is_array()) return record;
  for (const auto& url : *urls) {
    if (url.is_string()) record.urls.push_back(url.get<std::string>());
  }
  return record;
}

Result<void> keepServerRecord(const std::string& dataDir, const ServerRecord& record) {
  return net::replaceFile(fileIn(dataDir), format(record), kOwnerReadsAndWrites);
}

ServerRecord readServerRecord(const std::string& dataDir) {
  return parseServerRecord(net::readFile(fileIn(dataDir)).value_or(""));
}

}  // namespace rtcpub
