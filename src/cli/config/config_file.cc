#include "cli/config/config_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace rtcpub::cli {
namespace {

constexpr std::size_t kMostBytes = 1U << 20U;

class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

tl::unexpected<Error> unreadable(const std::string& path, int error) {
  return fail(
      error == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
      "cannot read the configuration " + path + ": " + std::generic_category().message(error));
}

Result<std::string> readAll(int descriptor, const std::string& path) {
  std::string text;
  std::array<char, 4096> piece{};
  while (true) {
    const ssize_t count = ::read(descriptor, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return unreadable(path, errno);
    if (count == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(count));
    if (text.size() > kMostBytes) {
      return fail(ErrorCode::kInvalidArgument,
                  path + " has more than 1 MiB: that is no configuration");
    }
  }
}

/// A group of root's is made by an administrator for this: root:rtcpub with mode 0640, say.
bool isExposed(const struct stat& status) {
  if (!S_ISREG(status.st_mode)) return false;
  const mode_t others = status.st_uid == 0 ? S_IROTH : S_IROTH | S_IRGRP;
  return (status.st_mode & others) != 0;
}

/// Why what stands in it may be somebody else's word; empty if it isn't. Root may be given
/// anybody's.
std::string distrust(const std::string& path, const struct stat& status) {
  if (!S_ISREG(status.st_mode)) return "";
  if ((status.st_mode & S_IWOTH) != 0) {
    return path + ": everybody on this machine can change it: chmod o-w " + path;
  }
  const uid_t own = ::geteuid();
  if (own == 0 || status.st_uid == own || status.st_uid == 0) return "";
  return path + " belongs to another user, who can change it: it should be this user's or root's";
}

}  // namespace

std::string ConfigFile::at(int line) const {
  return line > 0 ? path + ":" + std::to_string(line) : path;
}

Result<ConfigFile> readConfigFile(const std::string& path) {
  const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.get() < 0) return unreadable(path, errno);
  struct stat status {};
  if (::fstat(descriptor.get(), &status) != 0) return unreadable(path, errno);
  if (auto why = distrust(path, status); !why.empty()) {
    return fail(ErrorCode::kInvalidArgument, std::move(why));
  }
  auto text = readAll(descriptor.get(), path);
  if (!text) return tl::unexpected(text.error());
  ConfigFile file{.path = path, .entries = {}, .exposed = isExposed(status)};
  auto entries = parseConfigText(*text);
  if (!entries) {
    return fail(ErrorCode::kInvalidArgument,
                file.at(entries.error().line) + ": " + entries.error().message);
  }
  file.entries = *std::move(entries);
  return file;
}

}  // namespace rtcpub::cli
