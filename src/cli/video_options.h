#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rtcpub/publisher.h"
#include "rtcpub/simulated_car.h"

/// The options of everything that publishes a picture.
namespace rtcpub::cli {

/// One --video.
struct NamedVideo {
  std::string name;  ///< empty: it has none
  std::string uri;

  friend bool operator==(const NamedVideo&, const NamedVideo&) = default;
};

struct VideoOptions {
  std::vector<std::string> videos;  ///< as they were written
  std::string pictureInPicture;
  bool reencode = false;
};

/// Adds --video, --pip, --auto-rear, --encoder, --codec, --bitrate, --key-interval,
/// --intra-refresh, --temporal-layers and --reencode. The parser throws CLI::ValidationError when
/// the layers don't go with the codec.
void addVideoOptions(CLI::App& command, VideoOptions& video, PublisherOptions& publishing);

/// `NAME=URI` or `URI`: a name is 1 to 32 of A-Z a-z 0-9 _ -, and a known scheme stands behind it,
/// so that no '=' of a URI's own is mistaken.
NamedVideo splitName(std::string_view text);

/// The cameras to switch between; none when there is no video, or only one that has no name.
/// Without a name a camera is called by its number, from 1.
std::vector<NamedVideo> camerasOf(const VideoOptions& video);

/// Opens the pictures and adds them. `sim:` makes a simulated car: it is in `simulated` then.
/// Errors: those of VideoSource::open, SimulatedCar::open and of Publisher, and kInvalidArgument
/// (options that don't go together).
Result<void> addVideos(Publisher& publisher, const VideoOptions& video,
                       const PublisherOptions& publishing, std::optional<SimulatedCar>& simulated);

}  // namespace rtcpub::cli
