#include "app/server/token_desk.h"

#include "app/server/access_time.h"
#include "app/server/data_dir.h"
#include "app/server/issue_token.h"
#include "app/server/server_record.h"
#include "app/server/token_keys.h"
#include "auth/jwt_verifier.h"
#include "log/log.h"

namespace rtcpub {
namespace {

Error asksForNone() {
  return {ErrorCode::kUnsupported, "this server asks for no tokens, so that it makes none"};
}

}  // namespace

TokenDesk::TokenDesk(const ServerOptions& options, bool asks)
    : asks_(asks),
      audience_(options.audience.empty() ? kDefaultAudience : options.audience),
      givenDir_(options.dataDir),
      files_(options.tokenKeyFiles) {}

Result<std::shared_ptr<const TokenVerifier>> TokenDesk::load() {
  if (!asks_) return tl::unexpected(asksForNone());
  // The server's own last: it is made anew where it is gone, which is to happen with the others
  // only, or what is on the disk would sign tokens that nobody takes.
  auto keys = publicTokenKeys(files_);
  if (!keys) return tl::unexpected(keys.error());
  auto own = dataDirFor(givenDir_).and_then(ownTokenKeyMade);
  if (!own) return tl::unexpected(own.error());
  keys->push_back(*own);
  const std::lock_guard lock(mutex_);
  key_ = *std::move(own);
  return std::make_shared<const auth::JwtVerifier>(*std::move(keys));
}

Result<std::string> TokenDesk::issue(const TokenOptions& options) const {
  const std::lock_guard lock(mutex_);
  if (!key_) return tl::unexpected(asksForNone());
  return issueToken(*key_, audience_, options, unixSecondsNow());
}

void TokenDesk::leaveWord(const std::vector<std::string>& urls,
                          const std::string& fingerprint) const {
  if (!asks_) return;
  const auto kept = dataDirFor(givenDir_).and_then([&](const std::string& directory) {
    return keepServerRecord(directory,
                            {.audience = audience_, .urls = urls, .fingerprint = fingerprint});
  });
  if (!kept) log().warn("links can't be made without its address: {}", kept.error().message);
}

}  // namespace rtcpub
