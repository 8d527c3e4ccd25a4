#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "rtcpub/clock.h"
#include "sfu/router/rate_meter.h"

namespace rtcpub::sfu {

/// Which of a publisher's simulcast layers (RFC 8853) goes on to the viewers: the one that has
/// the most bits, as measured, since neither the order nor the names of the rids say which is best.
/// It changes at a key frame only. A layer that stops, as a sender's upper ones do on a narrow
/// path, is left for the best of the others.
class SimulcastChoice {
 public:
  /// How long the chosen layer may be silent while others are not.
  static constexpr std::chrono::milliseconds kSilence{700};
  /// How long a layer must have been the better one to be changed to.
  static constexpr std::chrono::milliseconds kProven{1000};
  /// How often a key frame is asked for in vain.
  static constexpr std::chrono::milliseconds kAskAgain{1000};

  struct Verdict {
    bool passes = false;   ///< the packet goes on
    bool changed = false;  ///< it is the first of another layer
    /// The layer to ask for a key frame, to begin with it or to change to it.
    std::optional<std::size_t> ask{};
  };

  explicit SimulcastChoice(std::size_t layers) : layers_(layers) {}

  /// A packet of a layer; layers are counted from 0.
  [[nodiscard]] Verdict onPacket(std::size_t layer, std::size_t bytes, bool startsKeyFrame,
                                 Time now);
  /// Nothing before the first key frame.
  [[nodiscard]] std::optional<std::size_t> chosen() const { return chosen_; }

 private:
  struct Layer {
    RateMeter rate{};
    std::optional<Time> heard{};
  };

  void change(std::size_t layer);
  /// The layer, unless it was asked a moment ago.
  [[nodiscard]] std::optional<std::size_t> askNow(std::size_t layer, Time now);
  [[nodiscard]] bool isAlive(std::size_t layer, Time now) const;
  /// The layer to change to, if the chosen one isn't the best any more.
  [[nodiscard]] std::optional<std::size_t> better(Time now);
  [[nodiscard]] std::optional<std::size_t> best(Time now) const;

  std::vector<Layer> layers_;
  std::optional<std::size_t> chosen_;
  std::optional<std::size_t> rival_;  ///< has more bits than the chosen one
  Time rivalSince_{};
  std::optional<Time> asked_;
};

}  // namespace rtcpub::sfu
