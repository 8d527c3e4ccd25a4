#include "net/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>

namespace rtcpub::net {

namespace {

std::string reason(int error) { return std::generic_category().message(error); }

bool writeAll(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Result<std::string> readFile(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    const int error = errno;
    return fail(error == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
                "cannot read " + path + ": " + reason(error));
  }
  std::string content{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) return fail(ErrorCode::kIo, "cannot read " + path);
  return content;
}

Result<void> replaceFile(const std::string& path, const std::string& content, mode_t mode) {
  std::string temporary = path + ".XXXXXX";
  const int file = ::mkostemp(temporary.data(), O_CLOEXEC);  // mode 0600
  if (file < 0) return fail(ErrorCode::kIo, "cannot write " + path + ": " + reason(errno));
  bool done = writeAll(file, content) && ::fchmod(file, mode) == 0 && ::fsync(file) == 0;
  int error = errno;
  ::close(file);
  if (done && std::rename(temporary.c_str(), path.c_str()) != 0) {
    done = false;
    error = errno;
  }
  if (done) return {};
  ::unlink(temporary.c_str());
  return fail(ErrorCode::kIo, "cannot write " + path + ": " + reason(error));
}

Result<void> makePrivateDirectory(const std::string& path) {
  constexpr mode_t kOwnerOnly = 0700;
  std::filesystem::path sofar;
  for (const auto& part : std::filesystem::path(path)) {
    sofar /= part;
    if (::mkdir(sofar.c_str(), kOwnerOnly) == 0) continue;
    const int error = errno;
    std::error_code ignored;
    if (std::filesystem::is_directory(sofar, ignored)) continue;
    return fail(ErrorCode::kIo,
                "cannot make the directory " + sofar.string() + ": " + reason(error));
  }
  return {};
}

}  // namespace rtcpub::net
