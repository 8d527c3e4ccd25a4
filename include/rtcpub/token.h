#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rtcpub/export.h"
#include "rtcpub/result.h"
#include "rtcpub/rights.h"

namespace rtcpub {

/// Whom a token lets in, and for what.
struct TokenOptions {
  /// The names of its channels; in each of them `*` stands for any characters, or for none.
  std::vector<std::string> channels;
  /// What it lets its holder do there.
  Rights rights = Right::kView;
  /// How long it holds from now on. Nothing: until the server's key is another.
  std::optional<std::chrono::seconds> lifetime = std::chrono::hours(24);
  /// Of whoever has it, for people: the server's log and the console show it.
  std::string name;
};

/// Makes tokens that a server on this machine lets in, with the key that it keeps in its data
/// directory. A value; any thread.
class RTCPUB_EXPORT TokenIssuer {
 public:
  /// Reads the key, or makes one, which the server then takes at its start. Waits for a server that
  /// is just starting to leave its addresses there, 2.5 s at most. `dataDir`: as ServerOptions has
  /// it. Errors: kInvalidArgument (others can read the key, or it is none), kIo.
  static Result<TokenIssuer> open(const std::string& dataDir = "");

  /// A new token, in 200 to 500 characters. Errors: kInvalidArgument (no channel or right, a name
  /// that can't be written, a lifetime that isn't from a second to ten years).
  [[nodiscard]] Result<std::string> issue(const TokenOptions& options) const;

  /// Where the key is.
  [[nodiscard]] const std::string& keyFile() const;
  /// Whether there was none before.
  [[nodiscard]] bool keyIsNew() const;
  /// Where browsers find the console of the server that has last run with this directory:
  /// "https://192.0.2.1:8267", the best first, its own machine's last. None: it isn't known.
  [[nodiscard]] const std::vector<std::string>& urls() const;
  /// Of that server's key, for ConnectionOptions::fingerprint; empty when systems trust its
  /// certificate, or none is known.
  [[nodiscard]] const std::string& fingerprint() const;

 private:
  struct Known;
  explicit TokenIssuer(std::shared_ptr<const Known> known);
  std::shared_ptr<const Known> known_;
};

/// What a person opens: the console at `url` (as TokenIssuer::urls() has it), showing `channel`
/// with that token: `https://HOST:PORT/?channel=car-1#token=…`. What follows the `#` is never sent
/// to a server. A pattern, or no channel, leads to the list of channels; no token: the page asks
/// for one, if the server does.
RTCPUB_EXPORT std::string consoleLink(std::string_view url, std::string_view channel,
                                      std::string_view token);

}  // namespace rtcpub
