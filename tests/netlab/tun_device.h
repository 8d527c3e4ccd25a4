#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "file_descriptor.h"
#include "packet.h"

namespace netlab {

/// A TUN device in another network namespace; it is gone with this object. Never blocks.
/// Runs on: the emulator's only thread.
class TunDevice {
 public:
  /// In the namespace of this file, /proc/PID/ns/net say. The device comes up without address and
  /// down.
  [[nodiscard]] static tl::expected<TunDevice, std::string> open(
      const std::string& networkNamespace, const std::string& name);

  [[nodiscard]] int descriptor() const { return descriptor_.get(); }
  /// The next packet that the namespace sends; nullopt: none now.
  [[nodiscard]] std::optional<Packet> read() const;
  /// Hands a packet to the namespace, which loses it when the device is down.
  void write(const Packet& packet) const;

 private:
  explicit TunDevice(FileDescriptor descriptor) : descriptor_(std::move(descriptor)) {}

  FileDescriptor descriptor_;
};

}  // namespace netlab
