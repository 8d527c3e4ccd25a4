#include "net/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
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

/// Closed when it goes.
class OpenFile {
 public:
  explicit OpenFile(const std::string& path)
      : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenFile() {
    if (number_ >= 0) ::close(number_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

tl::unexpected<Error> unreadable(const std::string& path, int error) {
  return fail(error == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
              "cannot read " + path + ": " + reason(error));
}

Result<std::string> readAll(const OpenFile& file, const std::string& path, std::size_t limit) {
  std::string content;
  std::array<char, 4096> part{};
  while (true) {
    const ssize_t size = ::read(file.number(), part.data(), part.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return unreadable(path, errno);
    if (size == 0) return content;
    content.append(part.data(), static_cast<std::size_t>(size));
    if (content.size() > limit) {
      return fail(ErrorCode::kInvalidArgument, path + " is over " + std::to_string(limit >> 10U) +
                                                   " KiB long: is it the right file?");
    }
  }
}

/// Whether others than its owner, or a group that root chose, can read it.
bool isExposed(const struct stat& status) {
  if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode)) return false;
  const mode_t tolerated = status.st_uid == 0 ? S_IRGRP : 0;
  return (status.st_mode & (S_IRWXG | S_IRWXO) & ~tolerated) != 0;
}

/// Whoever owns a file can change it. Root may read everybody's.
bool isSomebodyElses(const struct stat& status) {
  const uid_t own = ::geteuid();
  return own != 0 && status.st_uid != own && status.st_uid != 0;
}

/// `check` sees what was opened, whatever stands under this name by now.
template <class Check>
Result<std::string> readChecked(const std::string& path, std::size_t limit, const Check& check) {
  const OpenFile file(path);
  if (file.number() < 0) return unreadable(path, errno);
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) return unreadable(path, errno);
  if (S_ISREG(status.st_mode) && isSomebodyElses(status)) {
    return fail(ErrorCode::kInvalidArgument,
                path +
                    " belongs to another user, who can change it: it should be this user's or "
                    "root's");
  }
  if (auto checked = check(status); !checked) return tl::unexpected(checked.error());
  return readAll(file, path, limit);
}

tl::unexpected<Error> unwritable(const std::string& path, int error) {
  return fail(ErrorCode::kIo, "cannot write " + path + ": " + reason(error));
}

/// The path of a file in the same directory that is written whole.
Result<std::string> writeBeside(const std::string& path, const std::string& content, mode_t mode) {
  std::string temporary = path + ".XXXXXX";
  const int file = ::mkostemp(temporary.data(), O_CLOEXEC);  // mode 0600
  if (file < 0) return unwritable(path, errno);
  const bool done = writeAll(file, content) && ::fchmod(file, mode) == 0 && ::fsync(file) == 0;
  const int error = errno;
  ::close(file);
  if (done) return temporary;
  ::unlink(temporary.c_str());
  return unwritable(path, error);
}

}  // namespace

Result<std::string> readFile(const std::string& path) {
  constexpr std::size_t kLongest = std::size_t{1} << 20U;
  const OpenFile file(path);
  if (file.number() < 0) return unreadable(path, errno);
  return readAll(file, path, kLongest);
}

Result<std::string> readTrustedFile(const std::string& path) {
  return readChecked(path, std::size_t{1} << 20U, [&](const struct stat& status) -> Result<void> {
    if (!S_ISREG(status.st_mode) || (status.st_mode & (S_IWGRP | S_IWOTH)) == 0) return {};
    return fail(ErrorCode::kInvalidArgument, path +
                                                 " can be changed by others on this machine, and "
                                                 "its signatures are trusted: chmod go-w " +
                                                 path);
  });
}

Result<std::string> readPrivateFile(const std::string& path) {
  return readChecked(path, std::size_t{64} << 10U, [&](const struct stat& status) -> Result<void> {
    if (!isExposed(status)) return {};
    return fail(
        ErrorCode::kInvalidArgument,
        path + " is a secret that others on this machine can read or change: chmod 600 " + path);
  });
}

Result<void> replaceFile(const std::string& path, const std::string& content, mode_t mode) {
  const auto temporary = writeBeside(path, content, mode);
  if (!temporary) return tl::unexpected(temporary.error());
  if (std::rename(temporary->c_str(), path.c_str()) == 0) return {};
  const int error = errno;
  ::unlink(temporary->c_str());
  return unwritable(path, error);
}

Result<void> addFile(const std::string& path, const std::string& content, mode_t mode) {
  const auto temporary = writeBeside(path, content, mode);
  if (!temporary) return tl::unexpected(temporary.error());
  const int error = ::link(temporary->c_str(), path.c_str()) == 0 ? 0 : errno;
  ::unlink(temporary->c_str());
  if (error != 0 && error != EEXIST) return unwritable(path, error);
  return {};
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
