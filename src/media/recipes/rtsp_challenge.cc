#include "media/recipes/rtsp_challenge.h"

#include <gst/rtsp/rtsp.h>

#include <memory>

namespace rtcpub::media {

namespace {

constexpr gint64 kPatienceUs = 1'000'000;  // of each step

struct FreeRtsp {
  void operator()(GstRTSPUrl* url) const { gst_rtsp_url_free(url); }
  void operator()(GstRTSPConnection* connection) const { gst_rtsp_connection_free(connection); }
  void operator()(GstRTSPMessage* message) const { gst_rtsp_message_free(message); }
  void operator()(GstRTSPAuthCredential** list) const { gst_rtsp_auth_credentials_free(list); }
};
template <class T>
using OwnedRtsp = std::unique_ptr<T, FreeRtsp>;
using Credentials = std::unique_ptr<GstRTSPAuthCredential*[], FreeRtsp>;

OwnedRtsp<GstRTSPConnection> connectTo(const std::string& text) {
  GstRTSPUrl* rawUrl = nullptr;
  if (gst_rtsp_url_parse(text.c_str(), &rawUrl) != GST_RTSP_OK) return nullptr;
  const OwnedRtsp<GstRTSPUrl> url(rawUrl);
  GstRTSPConnection* rawConnection = nullptr;
  if (gst_rtsp_connection_create(url.get(), &rawConnection) != GST_RTSP_OK) return nullptr;
  OwnedRtsp<GstRTSPConnection> connection(rawConnection);
  const bool there = gst_rtsp_connection_connect_usec(connection.get(), kPatienceUs) == GST_RTSP_OK;
  return there ? std::move(connection) : nullptr;
}

// The answer to a DESCRIBE.
OwnedRtsp<GstRTSPMessage> describe(GstRTSPConnection* connection, const std::string& url) {
  GstRTSPMessage* rawRequest = nullptr;
  if (gst_rtsp_message_new_request(&rawRequest, GST_RTSP_DESCRIBE, url.c_str()) != GST_RTSP_OK) {
    return nullptr;
  }
  const OwnedRtsp<GstRTSPMessage> request(rawRequest);
  GstRTSPMessage* rawAnswer = nullptr;
  if (gst_rtsp_connection_send_usec(connection, request.get(), kPatienceUs) != GST_RTSP_OK ||
      gst_rtsp_message_new(&rawAnswer) != GST_RTSP_OK) {
    return nullptr;
  }
  OwnedRtsp<GstRTSPMessage> answer(rawAnswer);
  const bool came =
      gst_rtsp_connection_receive_usec(connection, answer.get(), kPatienceUs) == GST_RTSP_OK;
  return came ? std::move(answer) : nullptr;
}

// MD5 is meant where nothing is said (RFC 7616 section 3.3).
std::string algorithmOf(const GstRTSPAuthCredential& credential) {
  for (GstRTSPAuthParam** param = credential.params; param != nullptr && *param != nullptr;
       ++param) {
    if (g_ascii_strcasecmp((*param)->name, "algorithm") == 0) return (*param)->value;
  }
  return "MD5";
}

}  // namespace

std::optional<std::string> unknownDigest(const std::string& url) {
  const auto connection = connectTo(url);
  const auto answer = connection ? describe(connection.get(), url) : nullptr;
  if (!answer || answer->type != GST_RTSP_MESSAGE_RESPONSE ||
      answer->type_data.response.code != GST_RTSP_STS_UNAUTHORIZED) {
    return std::nullopt;
  }
  const Credentials offered(
      gst_rtsp_message_parse_auth_credentials(answer.get(), GST_RTSP_HDR_WWW_AUTHENTICATE));
  std::optional<std::string> unknown;
  for (auto* const* one = offered.get(); one != nullptr && *one != nullptr; ++one) {
    const std::string algorithm = algorithmOf(**one);
    const bool digest = (*one)->scheme == GST_RTSP_AUTH_DIGEST;
    if (!digest || g_ascii_strcasecmp(algorithm.c_str(), "MD5") == 0) return std::nullopt;
    unknown = algorithm;
  }
  return unknown;
}

}  // namespace rtcpub::media
