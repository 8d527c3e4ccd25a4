#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rtcpub/doctor.h"
#include "rtcpub/result.h"
#include "rtcpub/rights.h"

/// What a server lets its client do, for the doctor. Pure.
namespace rtcpub::doctor {

/// What /api/access told (docs/protocol.md).
struct AccessFinding {
  unsigned status = 0;  ///< of HTTP
  Rights rights;
  std::string name;                   ///< whose the token is; empty: unknown
  std::optional<std::int64_t> until;  ///< seconds since 1970; nothing: it doesn't end
  std::string code;                   ///< of a refusal: "expired", …; empty: it gave none
  std::string reason;                 ///< the same in the server's words, fit for people
};

/// Reads the answer. What it doesn't tell stays empty.
AccessFinding readAccess(unsigned status, std::string_view body);

/// `given`: there is a token. `now`: seconds since 1970 by this machine's clock.
Check judgeAccess(const Result<AccessFinding>& finding, bool given, std::int64_t now);

}  // namespace rtcpub::doctor
