// A client's session against a server that says anything at any time. Each line of the input is an
// event: its first character says which, the rest is its text.
#include <chrono>

#include "core/session/session.h"
#include "core/session/spider_carrier.h"
#include "fuzz_input.h"

namespace {

using namespace rtcpub;

std::optional<session::Event> eventOf(char kind, std::string text) {
  switch (kind) {
    case 's':
      return session::Start{};
    case 'o':
      return session::OfferReady{std::move(text)};
    case 'c':
      return session::CandidateFound{{std::move(text), {}, {}, {}}};
    case 'u':
      return session::SocketOpened{};
    case 'f':
      return session::SocketFailed{{ErrorCode::kUnreachable, text}, text.empty()};
    case 'd':
      return session::SocketClosed{std::move(text)};
    case 'a':
      return session::AnswerApplied{};
    case 'r':
      return session::AnswerReady{std::move(text)};
    case '+':
      return session::PeerConnected{};
    case '-':
      return session::PeerDisconnected{};
    case '!':
      return session::PeerFailed{std::move(text)};
    case 'p':
      return session::PathFailed{std::move(text)};
    case 'n':
      return session::NetworkChanged{text.empty()};
    case 'g':
      return session::OfferAgain{};
    case 'z':
      return session::Noted{std::move(text)};
    case 'q':
      return session::StopRequested{};
    case 't':
      return session::TimePassed{};
    default:
      return session::spider_carrier::eventOf(text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto rest = asText(data, size);
  // Without an end of retrying, or with one; with candidates that follow the offer, or stand in it.
  const bool odd = size % 2 == 1;
  session::Session session(
      {.server = "wss://h:8267",
       .channel = "x",
       .trickle = !odd,
       .maxRetryTime = odd ? std::optional(std::chrono::milliseconds(60'000)) : std::nullopt},
      [] { return 0.5; });
  Time now{};
  bool finished = false;
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() == rest.size() ? line.size() : line.size() + 1);
    if (line.empty()) continue;
    now += std::chrono::seconds(5);
    const auto event = eventOf(line.front(), std::string(line.substr(1)));
    if (!event) continue;
    const auto actions = session.handle(*event, now);
    require(!finished || actions.empty());
    for (const auto& action : actions) {
      require(!finished);
      finished = std::holds_alternative<session::Finish>(action);
    }
    require(!finished || !session.deadline());
  }
  return 0;
}
