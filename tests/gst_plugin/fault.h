#pragma once

#include <string>

namespace rtcpub::fake {

/// What shall go wrong with one element, this time it is opened. See README.md.
struct Fault {
  enum class Open { kFine, kBusy, kDenied, kMissing };
  enum class Then { kNothing, kError, kStall, kEnd };

  Open open = Open::kFine;
  int frames = 0;  // that come before `then`
  Then then = Then::kNothing;
};

/// Takes what the environment says about this element, opened on this device ("" if it has none).
/// Any thread.
Fault takeFault(const std::string& element, const std::string& device);

}  // namespace rtcpub::fake
