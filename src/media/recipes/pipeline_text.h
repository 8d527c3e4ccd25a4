#pragma once

#include <string>

#include "core/source/camera_mode.h"
#include "core/source/source_uri.h"

/// The pipelines of each kind of source, in GStreamer's words. What people wrote, a path or a
/// device's name, is set as a property later: none of it is in here. Pure.
namespace rtcpub::media {

// How the elements are called that are looked for later.
inline constexpr const char* kSourceName = "rtcpub-source";
inline constexpr const char* kParserName = "rtcpub-parser";
inline constexpr const char* kRtpName = "rtcpub-rtp";      // which takes the RTP of a camera
inline constexpr const char* kEntryName = "rtcpub-entry";  // to which a late pad is linked
inline constexpr const char* kQueueName = "rtcpub-queue";
inline constexpr const char* kSinkName = "rtcpub-pictures";

/// The message by which a pipeline for H264 says that its video is another.
inline constexpr const char* kOtherCodecMessage = "rtcpub-other-codec";

/// How many access units of a file are looked at before it is played; a few less than its queue
/// holds.
inline constexpr int kScannedUnits = 48;

/// A file that is decoded; `y4m`: raw video, which GStreamer takes a sixth of a second to
/// recognize.
std::string decodedFile(const source_uri::Options& options, bool y4m);
/// A file whose H264 is passed through.
std::string encodedFile();

std::string decodedRtsp(const source_uri::Options& options);
std::string encodedRtsp();

/// The pipeline of people's own, with what is needed behind it.
std::string decodedPipeline(const source_uri::Pipeline& pipeline);
std::string encodedPipeline(const source_uri::Pipeline& pipeline);

std::string decodedV4l2(const CameraChoice& choice, const source_uri::Options& options);
std::string encodedV4l2(const CameraChoice& choice);

/// NVIDIA's Argus; the picture stays in its memory (NVMM) until it is scaled and turned.
std::string csi(const source_uri::Csi& csi);
std::string libcamera(const source_uri::Options& options);
std::string screen(const source_uri::Options& options);

}  // namespace rtcpub::media
