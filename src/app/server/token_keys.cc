#include "app/server/token_keys.h"

#include <sys/stat.h>

#include <iterator>
#include <utility>

#include "net/private_file.h"

namespace rtcpub {
namespace {

constexpr mode_t kOwnerReadsAndWrites = 0600;
constexpr std::size_t kMostFiles = 16;

}  // namespace

std::string tokenKeyFileIn(const std::string& dataDir) { return dataDir + "/token.key"; }

Result<auth::TokenKey> ownTokenKey(const std::string& dataDir) {
  const std::string file = tokenKeyFileIn(dataDir);
  return net::readPrivateFile(file).and_then(
      [&](const std::string& text) { return auth::secretKey(text, file); });
}

Result<auth::TokenKey> ownTokenKeyMade(const std::string& dataDir) {
  auto found = ownTokenKey(dataDir);
  if (found || found.error().code != ErrorCode::kNotFound) return found;
  const auto secret = auth::makeSecret();
  if (!secret) return tl::unexpected(secret.error());
  if (auto made = net::makePrivateDirectory(dataDir); !made) return tl::unexpected(made.error());
  const auto put = net::addFile(tokenKeyFileIn(dataDir), *secret + "\n", kOwnerReadsAndWrites);
  if (!put) return tl::unexpected(put.error());
  return ownTokenKey(dataDir);  // another server that starts now may have been first
}

Result<std::vector<auth::TokenKey>> publicTokenKeys(const std::vector<std::string>& files) {
  if (files.size() > kMostFiles) {
    return fail(ErrorCode::kInvalidArgument,
                "tokenKeyFiles names more than " + std::to_string(kMostFiles) + " files");
  }
  std::vector<auth::TokenKey> keys;
  for (const auto& file : files) {
    auto found = net::readTrustedFile(file).and_then(
        [&](const std::string& pem) { return auth::publicKeys(pem, file); });
    if (!found) return tl::unexpected(found.error());
    std::move(found->begin(), found->end(), std::back_inserter(keys));
  }
  return keys;
}

}  // namespace rtcpub
