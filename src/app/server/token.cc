#include "rtcpub/token.h"

#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

#include "app/server/access_time.h"
#include "app/server/data_dir.h"
#include "app/server/issue_token.h"
#include "app/server/server_record.h"
#include "app/server/token_keys.h"
#include "auth/jwt_verifier.h"
#include "core/access/channel_patterns.h"
#include "core/access/claims.h"
#include "core/text/text.h"

namespace rtcpub {
namespace {

constexpr std::chrono::hours kLongestLife{24 * 3653};  // ten years
constexpr std::size_t kLongestName = 128;

Result<void> checkTexts(const TokenOptions& options) {
  if (options.rights.empty()) {
    return fail(ErrorCode::kInvalidArgument, "a token without any right is of no use");
  }
  if (options.name.size() > kLongestName || !text::isUtf8(options.name) ||
      text::hasControl(options.name)) {
    return fail(ErrorCode::kInvalidArgument, "the name " + text::quote(options.name) +
                                                 " has more than 128 bytes, or characters that "
                                                 "can't be shown");
  }
  return {};
}

Result<void> checkLife(std::optional<std::chrono::seconds> lifetime) {
  if (!lifetime || (*lifetime >= std::chrono::seconds(1) && *lifetime <= kLongestLife)) return {};
  return fail(ErrorCode::kInvalidArgument,
              "a token holds for a second at least and ten years at most");
}

/// Whether a server may have made this key as it started, and not be done with that.
bool isYoung(const std::string& file) {
  std::error_code error;
  const auto written = std::filesystem::last_write_time(file, error);
  const auto age = std::filesystem::file_time_type::clock::now() - written;
  return !error && age < std::chrono::seconds(10) && age > std::chrono::seconds(-10);
}

/// A server that was started a moment ago may not have left word yet: it asks the name service
/// first.
ServerRecord recordIn(const std::string& directory) {
  const std::chrono::milliseconds patience{isYoung(tokenKeyFileIn(directory)) ? 2500 : 0};
  constexpr std::chrono::milliseconds kInterval{50};
  const Time until = monotonicNow() + patience;
  auto record = readServerRecord(directory);
  while (record.urls.empty() && monotonicNow() < until) {
    std::this_thread::sleep_for(kInterval);
    record = readServerRecord(directory);
  }
  return record;
}

}  // namespace

Result<std::string> issueToken(const auth::TokenKey& key, const std::string& audience,
                               const TokenOptions& options, std::int64_t unixSeconds) {
  auto channels = ChannelPatterns::make(options.channels);
  if (!channels) return tl::unexpected(channels.error());
  if (auto checked = checkTexts(options); !checked) return tl::unexpected(checked.error());
  if (auto checked = checkLife(options.lifetime); !checked) return tl::unexpected(checked.error());
  Claims claims{.audience = {audience},
                .channels = *std::move(channels),
                .rights = options.rights,
                .name = options.name};
  if (options.lifetime) claims.expires = unixSeconds + options.lifetime->count();
  return auth::sign(format(claims), key);
}

struct TokenIssuer::Known {
  auth::TokenKey key;
  std::string keyFile;
  bool keyIsNew;
  ServerRecord server;
};

TokenIssuer::TokenIssuer(std::shared_ptr<const Known> known) : known_(std::move(known)) {}

Result<TokenIssuer> TokenIssuer::open(const std::string& dataDir) {
  const auto directory = dataDirFor(dataDir);
  if (!directory) return tl::unexpected(directory.error());
  const auto before = ownTokenKey(*directory);
  const bool isNew = !before && before.error().code == ErrorCode::kNotFound;
  auto key = ownTokenKeyMade(*directory);
  if (!key) return tl::unexpected(key.error());
  auto server = recordIn(*directory);
  if (server.audience.empty()) server.audience = kDefaultAudience;
  return TokenIssuer(std::make_shared<const Known>(
      Known{*std::move(key), tokenKeyFileIn(*directory), isNew, std::move(server)}));
}

bool TokenIssuer::keyIsNew() const { return known_->keyIsNew; }

Result<std::string> TokenIssuer::issue(const TokenOptions& options) const {
  return issueToken(known_->key, known_->server.audience, options, unixSecondsNow());
}

const std::string& TokenIssuer::keyFile() const { return known_->keyFile; }
const std::vector<std::string>& TokenIssuer::urls() const { return known_->server.urls; }
const std::string& TokenIssuer::fingerprint() const { return known_->server.fingerprint; }

std::string consoleLink(std::string_view url, std::string_view channel, std::string_view token) {
  while (url.ends_with('/')) url.remove_suffix(1);
  std::string link(url);
  const bool one = !channel.empty() && channel.find('*') == std::string_view::npos;
  link.append("/");
  if (one) link.append("?channel=").append(channel);
  if (!token.empty()) link.append("#token=").append(token);
  return link;
}

}  // namespace rtcpub
