#include "media/recipes/rtsp_recipe.h"

#include <string_view>
#include <utility>

#include "core/text/text.h"
#include "media/recipes/pipeline_parser.h"
#include "media/recipes/pipeline_text.h"
#include "media/recipes/rtsp_challenge.h"
#include "media/recipes/wishes.h"

namespace rtcpub::media {

namespace {

// In microseconds. What opening takes in all must stay below 5 s: UDP is given up for TCP after the
// first of them, and TCP as a whole after the second one.
constexpr guint64 kUdpTimeoutUs = 1'500'000;
constexpr guint64 kTcpTimeoutUs = 4'000'000;

const char* field(const GstStructure* structure, const char* name) {
  const char* value = gst_structure_get_string(structure, name);
  return value != nullptr ? value : "";
}

// Takes video only, and for pass-through H264 only.
gboolean onSelectStream(GstElement* source, guint /*number*/, GstCaps* caps, gpointer encoded) {
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  if (std::string_view(field(structure, "media")) != "video") return FALSE;
  if (encoded == nullptr || std::string_view(field(structure, "encoding-name")) == "H264") {
    return TRUE;
  }
  gst_element_post_message(
      source,
      gst_message_new_application(GST_OBJECT(source), gst_structure_new_empty(kOtherCodecMessage)));
  return FALSE;
}

// Which of the camera's streams a pad of rtspsrc yields: the pad is called
// recv_rtp_src_STREAM_SSRC_TYPE.
std::string streamOf(GstPad* pad) {
  const Owned<gchar> text(gst_pad_get_name(pad));
  const std::string name(text.get());
  const auto end = name.rfind('_', name.rfind('_') - 1);
  return name.substr(0, end);
}

// A camera whose encoder begins anew may come with another SSRC, which is another pad: it takes the
// place of the one before.
void onSourcePad(GstElement* /*source*/, GstPad* pad, gpointer entry) {
  const Owned<GstPad> target(gst_element_get_static_pad(GST_ELEMENT(entry), "sink"));
  const Owned<GstPad> before(gst_pad_get_peer(target.get()));
  if (before && streamOf(before.get()) != streamOf(pad)) return;
  if (before) gst_pad_unlink(before.get(), target.get());
  (void)gst_pad_link(pad, target.get());
}

const char* protocolsOf(source_uri::RtspTransport transport) {
  switch (transport) {
    case source_uri::RtspTransport::kTcp:
      return "tcp";
    case source_uri::RtspTransport::kUdp:
      return "udp";
    default:
      return "tcp+udp";
  }
}

void describeServer(GstElement* source, const source_uri::Rtsp& rtsp) {
  g_object_set(source, "location", rtsp.url.c_str(), "latency", static_cast<guint>(rtsp.latencyMs),
               "timeout", kUdpTimeoutUs, "tcp-timeout", kTcpTimeoutUs, nullptr);
  if (!rtsp.user.empty()) g_object_set(source, "user-id", rtsp.user.c_str(), nullptr);
  if (!rtsp.password.empty()) g_object_set(source, "user-pw", rtsp.password.c_str(), nullptr);
  gst_util_set_object_arg(G_OBJECT(source), "protocols", protocolsOf(rtsp.transport));
}

Result<BuiltPipeline> build(const source_uri::Rtsp& rtsp, bool encoded) {
  auto pipeline = parsePipeline(encoded ? encodedRtsp() : decodedRtsp(rtsp.options), rtsp.url);
  if (!pipeline) return tl::unexpected(pipeline.error());
  const auto source = elementOf(*pipeline, kSourceName);
  describeServer(source.get(), rtsp);
  if (auto set = setProperties(source.get(), rtsp.options.properties); !set) {
    return tl::unexpected(set.error());
  }
  g_signal_connect(source.get(), "select-stream", G_CALLBACK(onSelectStream),
                   encoded ? source.get() : nullptr);
  g_signal_connect_object(source.get(), "pad-added", G_CALLBACK(onSourcePad),
                          elementOf(*pipeline, kRtpName).get(), GConnectFlags{});
  return BuiltPipeline{*std::move(pipeline), encoded};
}

Error explainRefusal(const std::string& url, bool withPassword) {
  if (!withPassword) {
    return {ErrorCode::kRejected,
            url + " wants a user and a password: write rtsp://USER:PASSWORD@…"};
  }
  if (const auto algorithm = unknownDigest(url)) {
    return {
        ErrorCode::kRejected,
        url + " takes a password by digest with " + text::quote(*algorithm) +
            " only, and GStreamer's RTSP client knows MD5 and basic: choose one of these in the "
            "camera's settings for RTSP, or put a relay in front that knows it, as MediaMTX"};
  }
  return {ErrorCode::kRejected, url + " refuses the user or the password"};
}

Error explain(const std::string& url, bool withPassword, const Failure& failure) {
  if (failure.is(GST_RESOURCE_ERROR_NOT_AUTHORIZED)) return explainRefusal(url, withPassword);
  if (failure.is(GST_RESOURCE_ERROR_NOT_FOUND)) {
    return {ErrorCode::kNotFound, url + " isn't there: the server knows no such path"};
  }
  if (failure.is(GST_RESOURCE_ERROR_OPEN_READ) || failure.is(GST_RESOURCE_ERROR_OPEN_READ_WRITE) ||
      failure.is(GST_RESOURCE_ERROR_OPEN_WRITE)) {
    return {ErrorCode::kUnreachable,
            url + " can't be reached: is the camera on, and the address right?"};
  }
  if (failure.is(GST_RESOURCE_ERROR_READ) || failure.is(GST_RESOURCE_ERROR_WRITE)) {
    return {ErrorCode::kUnreachable, url + " stopped answering (" + failure.text + ")"};
  }
  // A server's trouble of its own, 503 say.
  const bool server = failure.domain == GST_RESOURCE_ERROR;
  return {server ? ErrorCode::kUnreachable : ErrorCode::kMedia,
          url + " can't be played: " + failure.text};
}

}  // namespace

Result<Recipe> recipeOf(const source_uri::Rtsp& rtsp, const VideoOpenOptions& options) {
  Recipe recipe{.subject = rtsp.url, .stamp = rtsp.options.stamp};
  recipe.passThrough = maySendEncoded(rtsp.options, options);
  recipe.build = [rtsp](bool mayBeEncoded) { return build(rtsp, mayBeEncoded); };
  recipe.explain = [url = rtsp.url, withPassword = !rtsp.user.empty()](const Failure& failure) {
    return explain(url, withPassword, failure);
  };
  return recipe;
}

}  // namespace rtcpub::media
