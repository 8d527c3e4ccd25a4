#include "core/ice/ice_error.h"

namespace rtcpub {

std::string_view adviceForIceError(int code) {
  switch (code) {
    case 300:
      return "it sends its clients to another server, which can't be used from here: name that one";
    case 400:
      return "it doesn't understand the request: is it a TURN server, and on this port?";
    case 401:
      return "check user and password; those with a time limit need a clock that is right";
    case 403:
      return "user and password are right, but it may not relay for this user, or to there: ask "
             "whoever runs it for its rules";
    case 420:
      return "it is too old: it doesn't know what WebRTC asks for";
    case 437:
      return "it still has a relay for this very socket, which ends by itself within minutes: wait";
    case 438:
      return "it doesn't accept its own nonce: is it several servers behind one address?";
    case 440:
    case 443:
      return "it doesn't relay to addresses of this kind (IPv4, IPv6): use another server";
    case 441:
      return "the relay was made with other credentials: check user and password, and that nobody "
             "changed them";
    case 442:
      return "it doesn't relay by UDP: let whoever runs it allow that, or use another server";
    case 486:
      return "this user has as many relays as it may have: end others, or raise its quota";
    case 500:
      return "it has a fault of its own, which its log tells: try again later";
    case 508:
      return "it has no room left: wait, or use another server";
    case kIceServerNotReachable:
      return "check its address, and that firewalls let it through";
    default:
      return "its log says why";
  }
}

}  // namespace rtcpub
