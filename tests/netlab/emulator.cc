#include "emulator.h"

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <type_traits>
#include <utility>

namespace netlab {
namespace {

// What an event of epoll is about; from kFirstDevice on a device: 2 * link + end.
constexpr std::uint64_t kInput = 0;
constexpr std::uint64_t kTimer = 1;
constexpr std::uint64_t kFirstDevice = 2;

// Packets read from one device before another's turn: few enough to keep the others' times exact.
constexpr int kBatch = 64;

Time now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

std::string okOrError(const tl::expected<void, std::string>& result) {
  return result ? "ok" : "error " + result.error();
}

}  // namespace

Emulator::Emulator(std::uint64_t seed)
    : epoll_(epoll_create1(EPOLL_CLOEXEC)),
      timer_(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)),
      network_(seed) {
  watch(STDIN_FILENO, kInput);
  watch(timer_.get(), kTimer);
}

void Emulator::run() {
  while (!ended_) {
    setTimer();
    std::array<epoll_event, 16> events;
    const int count = epoll_wait(epoll_.get(), events.data(), events.size(), -1);
    for (int i = 0; i < count; ++i) handle(events.at(i).data.u64, events.at(i).events);
    deliver();
  }
}

void Emulator::watch(int descriptor, std::uint64_t tag) {
  epoll_event event{EPOLLIN, {.u64 = tag}};
  epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event);
}

void Emulator::handle(std::uint64_t tag, std::uint32_t events) {
  if (tag == kInput) {
    readCommands();
  } else if (tag == kTimer) {
    std::uint64_t expirations = 0;
    [[maybe_unused]] const auto size = read(timer_.get(), &expirations, sizeof(expirations));
  } else {
    readPackets((tag - kFirstDevice) / 2, (tag - kFirstDevice) % 2, events);
  }
}

void Emulator::readCommands() {
  std::array<char, 4096> buffer;
  const auto size = read(STDIN_FILENO, buffer.data(), buffer.size());
  ended_ = size <= 0;
  if (ended_) return;
  input_.append(buffer.data(), static_cast<std::size_t>(size));
  for (auto end = input_.find('\n'); end != std::string::npos; end = input_.find('\n')) {
    std::puts(answer(input_.substr(0, end)).c_str());
    input_.erase(0, end + 1);
  }
  std::fflush(stdout);
}

std::string Emulator::answer(const std::string& line) {
  const auto command = parseCommand(line);
  if (!command) return "error " + command.error();
  const auto start = [this](const Start&) {
    network_.start(now());
    return std::string("ok");
  };
  return std::visit(
      Overloaded{[this](const AddLink& link) { return okOrError(add(link)); },
                 [this](const Set& set) { return okOrError(network_.set(set, now())); }, start,
                 [this](const Stats&) { return network_.stats(now()); }},
      *command);
}

tl::expected<void, std::string> Emulator::add(const AddLink& command) {
  auto near = TunDevice::open(command.near.networkNamespace, command.near.device);
  if (!near) return tl::unexpected(near.error());
  auto far = TunDevice::open(command.far.networkNamespace, command.far.device);
  if (!far) return tl::unexpected(far.error());
  const auto link = network_.add(command.name);
  if (!link) return tl::unexpected("there is a link '" + command.name + "' already");
  devices_.push_back({std::move(*near), std::move(*far)});
  for (std::size_t end = 0; end < 2; ++end)
    watch(devices_[*link].at(end).descriptor(), kFirstDevice + 2 * *link + end);
  return {};
}

void Emulator::readPackets(std::size_t link, std::size_t end, std::uint32_t events) {
  const auto& device = devices_.at(link).at(end);
  for (int i = 0; i < kBatch; ++i) {
    auto packet = device.read();
    if (!packet) break;
    network_.send(link, end, std::move(*packet), now());
  }
  // The namespace has gone and the device with it: it would be reported for ever.
  if ((events & (EPOLLERR | EPOLLHUP)) != 0)
    epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, device.descriptor(), nullptr);
}

void Emulator::deliver() {
  while (auto arrival = network_.receive(now()))
    devices_.at(arrival->link).at(arrival->end).write(arrival->packet);
}

void Emulator::setTimer() {
  const auto next = network_.next();
  itimerspec at{};  // zero: off
  if (next) {
    // At least 1 ns: zero would stop the timer.
    const auto when = std::max(*next, Time(1));
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(when);
    at.it_value = {whole.count(), (when - whole).count()};
  }
  timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &at, nullptr);
}

}  // namespace netlab
