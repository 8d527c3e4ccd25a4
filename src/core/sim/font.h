#pragma once

#include <string_view>

#include "core/sim/canvas.h"

namespace rtcpub::sim {

inline constexpr int kGlyphHeight = 7;   ///< dots
inline constexpr int kGlyphAdvance = 6;  ///< dots from a letter to the next

/// Draws capitals, digits and a few signs, each dot `size` x `size` pixels, from (x, y) on to the
/// right. Small letters are drawn as capitals, and what the font lacks as a box: one for each
/// letter, as far as the text is UTF-8.
void drawText(Canvas& canvas, int x, int y, int size, std::string_view text, const Color& color);

/// How wide it is, in pixels.
[[nodiscard]] int textWidth(int size, std::string_view text);

/// As much of the text as fits, cut at a letter's end.
[[nodiscard]] std::string_view fitting(std::string_view text, int letters);

}  // namespace rtcpub::sim
