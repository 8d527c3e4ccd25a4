#include "car/kernel_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "car/descriptor.h"
#include "car/process.h"

namespace rtcpub::car {
namespace {

tl::unexpected<Error> refuse(const std::string& path, const char* what, int error) {
  std::string message = path + " can't be " + what + ": " + errorText(error);
  if (error == EACCES) message += "; a rule of udev can give it to a group";
  return fail(error == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo, message);
}

}  // namespace

bool KernelFiles::exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

Result<std::string> KernelFiles::read(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return refuse(path, "read", errno);
  std::array<char, 64> bytes{};
  const auto size = ::read(file.get(), bytes.data(), bytes.size());
  if (size < 0) return refuse(path, "read", errno);
  std::string text(bytes.data(), static_cast<std::size_t>(size));
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

Result<void> KernelFiles::write(const std::string& path, const std::string& text) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC));
  if (!file) return refuse(path, "written", errno);
  if (::write(file.get(), text.data(), text.size()) < 0) return refuse(path, "written", errno);
  return {};
}

}  // namespace rtcpub::car
