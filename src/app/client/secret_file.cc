#include "rtcpub/secret_file.h"

#include <string_view>

#include "net/private_file.h"

namespace rtcpub {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

}  // namespace

Result<std::string> readSecretFile(const std::string& path) {
  auto content = net::readPrivateFile(path);
  if (!content) return content;
  const auto begin = content->find_first_not_of(kSpace);
  if (begin == std::string::npos) {
    return fail(ErrorCode::kInvalidArgument, path + " is empty: it should hold a secret");
  }
  return content->substr(begin, content->find_last_not_of(kSpace) + 1 - begin);
}

}  // namespace rtcpub
