#include "media/gst/gst_init.h"

#include <gst/gst.h>

#include <mutex>
#include <string>

namespace rtcpub::media {

Result<void> initGStreamer() {
  static std::once_flag once;
  static std::string failure;
  std::call_once(once, [] {
    GError* error = nullptr;
    if (gst_init_check(nullptr, nullptr, &error) != FALSE) return;
    failure = error != nullptr ? error->message : "no reason given";
    g_clear_error(&error);
  });
  if (!failure.empty()) return fail(ErrorCode::kMedia, "GStreamer does not start: " + failure);
  return {};
}

}  // namespace rtcpub::media
