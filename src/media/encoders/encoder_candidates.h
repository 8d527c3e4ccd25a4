#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/video/video_encoder.h"

/// The H.264 encoders that GStreamer may have on a machine. Pure.
namespace rtcpub::media {

/// Names and values, as text.
using ElementProperties = std::vector<std::pair<std::string, std::string>>;

/// One element, and what it needs around it.
struct EncoderCandidate {
  std::string_view element;
  bool hardware = true;
  /// Elements that bring a picture from the program's memory to where the encoder takes it.
  std::string_view upload;
  /// Those that the element has; another version or another device may lack some.
  ElementProperties (*properties)(const EncoderSettings& settings) = nullptr;
  /// What its output has to be told, as caps; or elements behind it.
  std::string_view output;
  /// How many of the units of the property `bitrate` make 1,000 bits a second; 0 if the bitrate is
  /// V4L2's control instead.
  int unitsPerKbps = 1;
  /// What a machine must have for it, in words for people.
  std::string_view needs;
};

/// In the order in which they are tried: hardware, then x264.
std::span<const EncoderCandidate> encoderCandidates();

/// The pipeline from an `appsrc` named kEncoderInput to an `appsink` named kEncoderOutput, with the
/// encoder named kEncoderName in it.
std::string encoderPipeline(const EncoderCandidate& candidate);

constexpr const char* kEncoderInput = "rtcpub-encoder-input";
constexpr const char* kEncoderOutput = "rtcpub-encoder-output";
constexpr const char* kEncoderName = "rtcpub-encoder";

/// V4L2's controls of a bitrate and a key frame distance, as the property `extra-controls` takes
/// them.
std::string v4l2Controls(int bitrateKbps, int keyFrameInterval);

}  // namespace rtcpub::media
