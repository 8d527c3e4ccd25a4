#pragma once

namespace rtcpub::sfu {

/// Whose datagrams a port takes. Another machine's never get past the kernel with kThisMachine.
enum class Reach { kAll, kThisMachine };

}  // namespace rtcpub::sfu
