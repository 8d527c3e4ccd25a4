#include "cli/qr_code.h"

#include <qrencode.h>

#include <memory>

namespace rtcpub::cli {
namespace {

constexpr int kQuiet = 4;  // light modules around it, as the standard wants
constexpr const char* kBlackOnWhite = "\033[38;5;16;48;5;231m";
constexpr const char* kAsBefore = "\033[0m";

struct Freed {
  void operator()(QRcode* code) const { QRcode_free(code); }
};
using CodePtr = std::unique_ptr<QRcode, Freed>;

bool isDark(const QRcode& code, int column, int row) {
  const bool inside = column >= 0 && row >= 0 && column < code.width && row < code.width;
  return inside && (code.data[row * code.width + column] & 1U) != 0;
}

/// Two modules, one above the other.
const char* block(bool upper, bool lower) {
  if (upper) return lower ? "█" : "▀";
  return lower ? "▄" : " ";
}

}  // namespace

std::optional<QrCode> makeQrCode(const std::string& text) {
  const CodePtr code(QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_L));
  if (!code) return std::nullopt;
  QrCode drawn{.text = {}, .columns = code->width + 2 * kQuiet, .rows = 0};
  for (int row = -kQuiet; row < code->width + kQuiet; row += 2) {
    drawn.text += kBlackOnWhite;
    for (int column = -kQuiet; column < code->width + kQuiet; ++column) {
      drawn.text += block(isDark(*code, column, row), isDark(*code, column, row + 1));
    }
    drawn.text += kAsBefore;
    drawn.text += '\n';
    ++drawn.rows;
  }
  return drawn;
}

}  // namespace rtcpub::cli
