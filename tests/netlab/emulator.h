#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "command.h"
#include "file_descriptor.h"
#include "network.h"
#include "tun_device.h"

namespace netlab {

/// Carries packets between TUN devices as a Network decides, and obeys the lines on standard input:
/// each is answered by one line, "ok", "error …" or the counters as JSON. Runs on: the only thread.
class Emulator {
 public:
  explicit Emulator(std::uint64_t seed);

  /// Until standard input ends. The devices are gone with this object.
  void run();

 private:
  using Ends = std::array<TunDevice, 2>;

  void watch(int descriptor, std::uint64_t tag);
  void handle(std::uint64_t tag, std::uint32_t events);
  void readCommands();
  std::string answer(const std::string& line);
  tl::expected<void, std::string> add(const AddLink& command);
  void readPackets(std::size_t link, std::size_t end, std::uint32_t events);
  void deliver();
  void setTimer();

  FileDescriptor epoll_;
  FileDescriptor timer_;
  bool ended_ = false;
  std::string input_;  // an unfinished line
  Network network_;
  std::vector<Ends> devices_;  // by the number of their link
};

}  // namespace netlab
