#include "app/server/token_desk.h"

#include "app/server/access_time.h"
#include "app/server/data_dir.h"
#include "app/server/issue_token.h"
#include "app/server/server_record.h"
#include "app/server/token_keys.h"
#include "log/log.h"

namespace rtcpub {

TokenDesk::TokenDesk(const ServerOptions& options, bool asks)
    : asks_(asks),
      audience_(options.audience.empty() ? kDefaultAudience : options.audience),
      givenDir_(options.dataDir),
      files_(options.tokenKeyFiles) {}

Result<std::shared_ptr<const TokenVerifier>> TokenDesk::load() {
  if (!asks_) return nullptr;
  auto key = dataDirFor(givenDir_).and_then(ownTokenKeyMade);
  if (!key) return tl::unexpected(key.error());
  auto verifier = loadVerifier(*key, files_);
  if (!verifier) return verifier;
  const std::lock_guard lock(mutex_);
  key_ = *std::move(key);
  return verifier;
}

Result<std::string> TokenDesk::issue(const TokenOptions& options) const {
  const std::lock_guard lock(mutex_);
  if (!key_) {
    return fail(ErrorCode::kUnsupported, "this server asks for no tokens, so that it makes none");
  }
  return issueToken(*key_, audience_, options, accessNow().unixSeconds);
}

void TokenDesk::leaveWord(const std::vector<std::string>& urls) const {
  if (!asks_) return;
  const auto kept = dataDirFor(givenDir_).and_then([&](const std::string& directory) {
    return keepServerRecord(directory, {.audience = audience_, .urls = urls});
  });
  if (!kept) log().warn("links can't be made without its address: {}", kept.error().message);
}

}  // namespace rtcpub
