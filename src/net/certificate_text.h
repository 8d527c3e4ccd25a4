#pragma once

#include <openssl/ssl.h>

#include <string>

#include "core/doctor/findings.h"

namespace rtcpub::net {

/// What a connection agreed on, and whose certificate its other side has. Whether that is trusted
/// isn't said.
doctor::TlsFinding describeCertificate(SSL* tls);

}  // namespace rtcpub::net
