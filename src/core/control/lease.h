#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "rtcpub/clock.h"
#include "rtcpub/control.h"
#include "rtcpub/rights.h"

namespace rtcpub::control {

/// Why a member that wants to drive, or speaks for who does, gets nothing.
enum class Refusal : std::uint8_t {
  kNoRight,      ///< it has no right to drive
  kNotAdmin,     ///< only who has the right `admin` takes the lease from another, or ends a stop
  kNoPublisher,  ///< there is nothing to drive
  kBusy,         ///< somebody else asks already
  kDeclined,     ///< who drives said no
  kNoAnswer,     ///< who drives said nothing
  kTaken,        ///< an old program drives, which can't be asked, and hasn't stopped
  kNotDriver,    ///< somebody else drives
};

/// For programs: "no-right", "not-admin", "no-publisher", "busy", "declined", "no-answer", "taken",
/// "not-driver".
std::string_view code(Refusal refusal);
/// For people, as a sentence.
std::string_view sentence(Refusal refusal);

/// Who drives in a channel, as those have to know who pass commands on.
struct DriveStamp {
  std::uint64_t lease = 0;         ///< in force; 0: nobody drives
  std::optional<Driver> driver{};  ///< a member
  bool implicit = false;           ///< it speaks as old programs do: Lease::State
  std::optional<Driver> asking{};  ///< a member that wants the lease
  friend bool operator==(const DriveStamp&, const DriveStamp&) = default;
};

/// Somebody asked in vain.
struct Refused {
  std::uint64_t member = 0;
  Refusal why{};
  friend bool operator==(const Refused&, const Refused&) = default;
};

/// Who drives in one channel: the right to be the one whose commands reach the robot. One member
/// has it, or nobody; each time that another one gets it, or the same one anew, its number is
/// higher. Whoever asks while it is taken waits until the one that has it answers, lets go or is
/// gone; one asks at a time. Pure.
///
/// Functions return who is told that it asked in vain; all else is in state().
class Lease {
 public:
  /// How long who drives has to answer.
  static constexpr std::chrono::seconds kAnswerTime{10};

  using Refusals = std::vector<Refused>;

  struct State {
    std::uint64_t number = 0;               ///< in force; 0: nobody drives
    std::optional<std::uint64_t> driver{};  ///< a member
    /// It speaks as old programs do, which know of no lease: it got it with its first message.
    bool implicit = false;
    std::optional<std::uint64_t> asking{};  ///< a member that wants it
    friend bool operator==(const State&, const State&) = default;
  };

  /// Its numbers are above `last`.
  explicit Lease(std::uint64_t last = 0) : last_(last) {}

  /// A member wants it, with these rights.
  [[nodiscard]] Refusals request(std::uint64_t member, Rights rights, bool takeOver, Time now);
  /// A member drives as old programs do.
  [[nodiscard]] Refusals requestImplicitly(std::uint64_t member, Rights rights);
  /// It drives no more, or asks no more.
  [[nodiscard]] Refusals release(std::uint64_t member);
  /// What `member`, if it drives, says to who asks it.
  [[nodiscard]] Refusals reply(std::uint64_t member, std::uint64_t to, bool give);

  /// It has these rights from now on.
  [[nodiscard]] Refusals onRights(std::uint64_t member, Rights rights);
  /// It left, or nothing comes from it any more.
  [[nodiscard]] Refusals onGone(std::uint64_t member) { return release(member); }
  /// Whoever drives by this lease has given no command for too long.
  [[nodiscard]] Refusals onSilent(std::uint64_t number);
  /// Another one publishes from now on, or nobody does.
  [[nodiscard]] Refusals onPublisher(bool present);

  /// When onTime() is due.
  [[nodiscard]] std::optional<Time> deadline() const { return answerBy_; }
  [[nodiscard]] Refusals onTime(Time now);

  [[nodiscard]] const State& state() const { return state_; }
  /// The highest number so far.
  [[nodiscard]] std::uint64_t last() const { return last_; }

 private:
  [[nodiscard]] std::optional<Refusal> objection(Rights rights) const;
  void give(std::uint64_t member, bool implicit);
  void stopAsking();
  /// Nobody has it, or who asks.
  void fall();

  State state_;
  std::uint64_t last_;
  bool publisher_ = false;
  std::optional<Time> answerBy_;  ///< of who drives, to who asks
};

}  // namespace rtcpub::control
