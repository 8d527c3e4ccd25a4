#pragma once

#include <boost/system/error_code.hpp>
#include <string>
#include <string_view>

#include "rtcpub/result.h"

/// Why a WebSocket could not be opened, in one sentence for people. Pure. `url` is the server's.
namespace rtcpub::net {

/// The time ran out.
Error noAnswer(const std::string& url);

/// The name has no address.
Error nameNotFound(const std::string& url, const std::string& host,
                   const boost::system::error_code& error);

/// The zone of `host`, a link-local address, is no interface of this machine.
Error noInterface(const std::string& url, const std::string& host);

/// No TCP connection to any of its addresses.
Error notConnected(const std::string& url, const boost::system::error_code& error);

/// The TLS handshake failed; `verifyResult` is OpenSSL's X509_V_… of the server's certificate.
Error tlsFailed(const std::string& url, const boost::system::error_code& error, long verifyResult);

/// Why a certificate isn't trusted, and what to do: `verifyResult` as above, not X509_V_OK. A part
/// of a sentence, without its end.
std::string certificateProblem(long verifyResult);

/// The answer to the upgrade was not one of HTTP, or never came.
Error upgradeFailed(const std::string& url, const boost::system::error_code& error);

/// The answer to the upgrade was a no: its status, "Not Found", and its body.
Error upgradeDeclined(const std::string& url, unsigned status, std::string_view phrase,
                      std::string_view body);

}  // namespace rtcpub::net
