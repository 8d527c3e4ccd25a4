#pragma once

#include <string>
#include <string_view>

#include "core/role.h"
#include "core/session/signal.h"
#include "rtcpub/result.h"

namespace rtcpub::session {

/// What a failure means for going on.
enum class Finality {
  kRetry,         ///< it may pass
  kFinalWhenNew,  ///< it is the user's to mend, unless it has worked before
  kFinal,
};

/// By the code of a server's error (docs/protocol.md); one that isn't known is kFinalWhenNew. No
/// attempt mends a token: what the server says of one is final, whatever worked before.
[[nodiscard]] Finality finalityOf(std::string_view code);

/// What the client can do about it, as the end of a sentence; empty when there is nothing to say.
[[nodiscard]] std::string adviceFor(std::string_view code, Role role);

/// Why a server ended a session, or refused it, in one sentence.
[[nodiscard]] Error describe(const ServerError& error, const std::string& server,
                             const std::string& channel, Role role);

}  // namespace rtcpub::session
