#include "cli/codec_advice.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "cli/output.h"

namespace rtcpub::cli {
namespace {

/// `--codec NAME` of a codec that the viewers take, the one that most take first.
std::string codecOption(const CodecMismatch& mismatch) {
  constexpr std::array<std::pair<std::string_view, const char*>, 3> kCodecs{
      {{"VP8", "--codec vp8"}, {"H264", "--codec h264"}, {"VP9", "--codec vp9"}}};
  for (const auto& [begin, option] : kCodecs) {
    // Of another profile of what is sent there is no telling which one an encoder makes.
    if (mismatch.sent.starts_with(begin)) continue;
    for (const auto& taken : mismatch.taken) {
      if (taken.starts_with(begin)) return option;
    }
  }
  return "";
}

}  // namespace

std::string adviceTo(const PublisherOptions& publishing, const CodecMismatch& mismatch) {
  const std::string codec = codecOption(mismatch);
  if (codec.empty()) return "";
  const std::string given = "give " + codec + " for them";
  const bool otherEncoder = !publishing.encoder.empty() && publishing.encoder != "libvpx";
  return otherEncoder ? given + ", and leave out --encoder " + publishing.encoder : given;
}

std::string adviceTo(const SubscriberOptions& subscribing, const CodecMismatch& mismatch) {
  if (subscribing.codec) return "leave out --codec here, or start the publisher with it";
  const std::string codec = codecOption(mismatch);
  return codec.empty() ? "" : "start the publisher with " + codec;
}

MismatchPrinter::MismatchPrinter(Subscription<StateChange> states, std::function<Stats()> stats,
                                 std::function<std::string(const CodecMismatch&)> advice)
    : thread_([states = std::move(states), stats = std::move(stats),
               advice = std::move(advice)](const std::stop_token& stop) mutable {
        bool told = false;
        while (states.get(stop)) {
          const Stats now = stats();
          // The words follow the figures by a change of state.
          const bool lacks =
              now.codecMismatch &&
              (told || now.reason.find(now.codecMismatch->sent) != std::string::npos);
          if (lacks && !told) {
            const std::string what = advice(*now.codecMismatch);
            complain(now.reason + (what.empty() ? "" : "; " + what));
          }
          told = lacks;
        }
      }) {}

}  // namespace rtcpub::cli
