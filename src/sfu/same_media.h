#pragma once

#include <array>
#include <cstdint>

#include "sfu/router/media.h"

namespace rtcpub::sfu {

/// The SSRCs of a viewer's sections in the order of AnswerOptions, `fresh` where there are
/// none.
[[nodiscard]] std::array<std::uint32_t, 3> ssrcsOf(const NegotiatedMedia& media,
                                                   const std::array<std::uint32_t, 3>& fresh);

}  // namespace rtcpub::sfu
