#pragma once

namespace rtcpub::cli {

/// Lets this process open as many files, sockets that is, as it may, and a server can use: systems
/// set out with 1024 only, for the sake of programs that call select().
void raiseFileLimit();

}  // namespace rtcpub::cli
