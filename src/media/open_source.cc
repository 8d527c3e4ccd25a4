#include "media/open_source.h"

#include <gst/gst.h>

#include <mutex>
#include <string>

#include "media/gst_owned.h"
#include "media/pipeline_source.h"
#include "media/test_source.h"

namespace rtcpub::media {

namespace {

// GStreamer is the process's own: it is begun once, and never ended, since others may use it, too.
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

struct Opener {
  Result<std::shared_ptr<VideoSource>> operator()(const source_uri::Test& test) const {
    return std::make_shared<TestSource>(test);
  }
  template <class Uri>
  Result<std::shared_ptr<VideoSource>> operator()(const Uri& uri) const {
    if (auto begun = initGStreamer(); !begun) return tl::unexpected(begun.error());
    return PipelineSource::open(uri);
  }
};

}  // namespace

Result<std::shared_ptr<VideoSource>> openSource(const source_uri::SourceUri& uri) {
  return std::visit(Opener{}, uri);
}

}  // namespace rtcpub::media
