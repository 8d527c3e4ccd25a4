#include "core/sim/font.h"

#include <array>
#include <cstdint>

namespace rtcpub::sim {
namespace {

constexpr int kColumns = 5;
/// Seven rows of a glyph from the top, the leftmost dot in bit 4.
using Glyph = std::array<std::uint8_t, kGlyphHeight>;

struct Known {
  char letter;
  Glyph rows;
};

constexpr Glyph kBox{31, 17, 17, 17, 17, 17, 31};
constexpr std::array kGlyphs{
    Known{' ', {0, 0, 0, 0, 0, 0, 0}},        Known{'!', {4, 4, 4, 4, 4, 0, 4}},
    Known{'%', {24, 25, 2, 4, 8, 19, 3}},     Known{'(', {2, 4, 8, 8, 8, 4, 2}},
    Known{')', {8, 4, 2, 2, 2, 4, 8}},        Known{'+', {0, 4, 4, 31, 4, 4, 0}},
    Known{',', {0, 0, 0, 0, 12, 4, 8}},       Known{'-', {0, 0, 0, 31, 0, 0, 0}},
    Known{'.', {0, 0, 0, 0, 0, 12, 12}},      Known{'/', {0, 1, 2, 4, 8, 16, 0}},
    Known{':', {0, 12, 12, 0, 12, 12, 0}},    Known{'_', {0, 0, 0, 0, 0, 0, 31}},
    Known{'@', {14, 17, 23, 21, 23, 16, 14}}, Known{'\'', {4, 4, 8, 0, 0, 0, 0}},
    Known{'0', {14, 17, 19, 21, 25, 17, 14}}, Known{'1', {4, 12, 4, 4, 4, 4, 14}},
    Known{'2', {14, 17, 1, 6, 8, 16, 31}},    Known{'3', {31, 2, 4, 2, 1, 17, 14}},
    Known{'4', {2, 6, 10, 18, 31, 2, 2}},     Known{'5', {31, 16, 30, 1, 1, 17, 14}},
    Known{'6', {6, 8, 16, 30, 17, 17, 14}},   Known{'7', {31, 1, 2, 4, 4, 4, 4}},
    Known{'8', {14, 17, 17, 14, 17, 17, 14}}, Known{'9', {14, 17, 17, 15, 1, 2, 12}},
    Known{'A', {14, 17, 17, 31, 17, 17, 17}}, Known{'B', {30, 17, 17, 30, 17, 17, 30}},
    Known{'C', {14, 17, 16, 16, 16, 17, 14}}, Known{'D', {30, 17, 17, 17, 17, 17, 30}},
    Known{'E', {31, 16, 16, 30, 16, 16, 31}}, Known{'F', {31, 16, 16, 30, 16, 16, 16}},
    Known{'G', {14, 17, 16, 23, 17, 17, 15}}, Known{'H', {17, 17, 17, 31, 17, 17, 17}},
    Known{'I', {14, 4, 4, 4, 4, 4, 14}},      Known{'J', {7, 2, 2, 2, 2, 18, 12}},
    Known{'K', {17, 18, 20, 24, 20, 18, 17}}, Known{'L', {16, 16, 16, 16, 16, 16, 31}},
    Known{'M', {17, 27, 21, 21, 17, 17, 17}}, Known{'N', {17, 25, 21, 19, 17, 17, 17}},
    Known{'O', {14, 17, 17, 17, 17, 17, 14}}, Known{'P', {30, 17, 17, 30, 16, 16, 16}},
    Known{'Q', {14, 17, 17, 17, 21, 18, 13}}, Known{'R', {30, 17, 17, 30, 20, 18, 17}},
    Known{'S', {15, 16, 16, 14, 1, 1, 30}},   Known{'T', {31, 4, 4, 4, 4, 4, 4}},
    Known{'U', {17, 17, 17, 17, 17, 17, 14}}, Known{'V', {17, 17, 17, 17, 17, 10, 4}},
    Known{'W', {17, 17, 17, 21, 21, 27, 17}}, Known{'X', {17, 17, 10, 4, 10, 17, 17}},
    Known{'Y', {17, 17, 10, 4, 4, 4, 4}},     Known{'Z', {31, 1, 2, 4, 8, 16, 31}},
};

const Glyph& glyphOf(char letter) {
  const char capital = letter >= 'a' && letter <= 'z' ? char(letter - 'a' + 'A') : letter;
  for (const Known& known : kGlyphs) {
    if (known.letter == capital) return known.rows;
  }
  return kBox;
}

/// Whether a byte goes on with a letter of UTF-8 that has begun.
bool goesOn(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

void drawGlyph(Canvas& canvas, int x, int y, int size, const Glyph& glyph, const Color& color) {
  for (int row = 0; row < kGlyphHeight; ++row) {
    for (int column = 0; column < kColumns; ++column) {
      if ((glyph[row] >> (kColumns - 1 - column) & 1) == 0) continue;
      canvas.rect(x + column * size, y + row * size, size, size, color);
    }
  }
}

int letters(std::string_view text) {
  int count = 0;
  for (const char byte : text) count += goesOn(byte) ? 0 : 1;
  return count;
}

}  // namespace

void drawText(Canvas& canvas, int x, int y, int size, std::string_view text, const Color& color) {
  for (const char byte : text) {
    if (goesOn(byte)) continue;
    drawGlyph(canvas, x, y, size, glyphOf(byte), color);
    x += kGlyphAdvance * size;
  }
}

int textWidth(int size, std::string_view text) { return kGlyphAdvance * size * letters(text); }

std::string_view fitting(std::string_view text, int letters) {
  std::size_t end = 0;
  for (; end < text.size(); ++end) {
    if (!goesOn(text[end]) && letters-- == 0) break;
  }
  return text.substr(0, end);
}

}  // namespace rtcpub::sim
