#pragma once

#include <optional>
#include <string>

namespace rtcpub::cli {

/// A QR code (ISO/IEC 18004) as it is drawn on a terminal, black on white whatever its colours.
struct QrCode {
  std::string text;  ///< lines of block characters in UTF-8, with their ends
  int columns = 0;
  int rows = 0;
};

/// Nothing if the text is too long for one.
std::optional<QrCode> makeQrCode(const std::string& text);

}  // namespace rtcpub::cli
