#include "core/session/server_refusal.h"

#include <algorithm>
#include <array>

#include "core/session/printable_line.h"

namespace rtcpub::session {
namespace {

/// What helps; `token` is an option of whoever connects.
enum class Advice { kNone, kAnotherToken, kNewToken, kRight, kChannel, kClocks };

struct Known {
  std::string_view code;
  Finality finality;
  Advice advice;
};

constexpr std::array kKnown = {
    Known{"replaced", Finality::kFinal, Advice::kNone},
    Known{"removed", Finality::kFinal, Advice::kNone},
    Known{"expired", Finality::kFinal, Advice::kNewToken},
    Known{"no-token", Finality::kFinal, Advice::kRight},
    Known{"bad-token", Finality::kFinal, Advice::kAnotherToken},
    Known{"bad-claim", Finality::kFinal, Advice::kAnotherToken},
    Known{"bad-signature", Finality::kFinal, Advice::kAnotherToken},
    Known{"wrong-algorithm", Finality::kFinal, Advice::kAnotherToken},
    Known{"wrong-audience", Finality::kFinal, Advice::kAnotherToken},
    Known{"unknown-right", Finality::kFinal, Advice::kAnotherToken},
    Known{"no-right", Finality::kFinal, Advice::kRight},
    Known{"wrong-channel", Finality::kFinal, Advice::kChannel},
    Known{"not-yet-valid", Finality::kRetry, Advice::kClocks},
    Known{"starting", Finality::kRetry, Advice::kNone},
    Known{"too-many-refusals", Finality::kRetry, Advice::kNone},
    Known{"too-many-offers", Finality::kRetry, Advice::kNone},
    Known{"media-lost", Finality::kRetry, Advice::kNone},
    Known{"timeout", Finality::kRetry, Advice::kNone},
};

const Known* find(std::string_view code) {
  const auto* const found = std::ranges::find(kKnown, code, &Known::code);
  return found == kKnown.end() ? nullptr : found;
}

}  // namespace

Finality finalityOf(std::string_view code) {
  const Known* const known = find(code);
  return known == nullptr ? Finality::kFinalWhenNew : known->finality;
}

std::string adviceFor(std::string_view code, Role role) {
  const Known* const known = find(code);
  switch (known == nullptr ? Advice::kNone : known->advice) {
    case Advice::kNone:
      return "";
    case Advice::kAnotherToken:
      return "; ask whoever runs the server for another token (token = …)";
    case Advice::kNewToken:
      return "; ask whoever gave the token for a new one (token = …)";
    case Advice::kRight:
      return std::string("; give a token with the right to ") +
             (role == Role::kPublisher ? "publish" : "view") + " (token = …)";
    case Advice::kChannel:
      return "; give a token for this channel (token = …)";
    case Advice::kClocks:
      return "; see that the clocks are right, here and there";
  }
  return "";
}

Error describe(const ServerError& error, const std::string& server, const std::string& channel,
               Role role) {
  const auto why = printableLine(error.message.empty() ? error.code : error.message);
  if (error.code == "replaced") {
    return {ErrorCode::kReplaced,
            server + ": a newer publisher took channel " + channel + ": " + why};
  }
  // These end what was allowed before.
  const bool ended = error.code == "expired" || error.code == "removed";
  return {ErrorCode::kRejected,
          server + (ended ? " sent this client away from channel " : " refused channel ") +
              channel + ": " + why + adviceFor(error.code, role)};
}

}  // namespace rtcpub::session
