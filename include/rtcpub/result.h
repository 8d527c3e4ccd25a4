#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace rtcpub {

/// What went wrong, for a program to act on.
enum class ErrorCode {
  kInvalidArgument,  ///< an option, URI, label or message that can't be right
  kNotFound,         ///< a file, device or path that isn't there
  kUnreachable,      ///< the server could not be connected to
  kTlsRefused,       ///< the server's certificate was not accepted
  kProtocol,         ///< a peer said something that the protocol doesn't allow
  kRejected,         ///< the server refused: it said why
  kReplaced,         ///< a newer publisher took the channel
  kMedia,            ///< a source, decoder or encoder failed
  kUnsupported,      ///< valid, but not possible with this build, peer or codec
  kIo,               ///< a socket or file operation failed
  kClosed,           ///< the session was ended by the other side
  kInternal,         ///< a bug here: please report it
};

/// An expected failure: `code` is what a program acts on, `message` is for people and says what
/// failed, on which peer, URL or device, and what to try.
struct Error {
  ErrorCode code = ErrorCode::kInternal;  ///< for programs
  std::string message;                    ///< for people

  friend bool operator==(const Error&, const Error&) = default;
};

/// A value, or why there is none.
template <class T>
using Result = tl::expected<T, Error>;

/// The failed arm of a Result: `return fail(ErrorCode::kNotFound, "…");`
inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

}  // namespace rtcpub
