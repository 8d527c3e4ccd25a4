#include "core/source/source_uri.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/measure/stamp.h"
#include "core/source/rtsp_uri.h"
#include "core/text/query.h"
#include "core/text/redact.h"
#include "core/text/text.h"

namespace rtcpub::source_uri {
namespace {

constexpr int kMaxSensor = 63;

Result<void> readTestOption(const std::string& name, const std::string& value, Test& test) {
  if (name == "stamp") return readStamp(value, test.stamp);
  if (name == "size") {
    const auto size = readSize(name, value);
    if (!size) return tl::unexpected(size.error());
    test.width = size->width;
    test.height = size->height;
    return {};
  }
  if (name == "fps") {
    const auto fps = readFps(value);
    if (!fps) return tl::unexpected(fps.error());
    test.fps = *fps;
    return {};
  }
  return refuse("test: has no option " + text::quote(name) + "; it has size, fps and stamp");
}

Result<query::Parameters> readQuery(std::string_view options, std::string_view scheme) {
  auto parameters = query::parse(options);
  if (parameters) return parameters;
  return refuse("options of " + std::string(scheme) + " " + parameters.error().message);
}

Result<Options> parseOptions(std::string_view text, const OptionRules& rules) {
  const auto parameters = readQuery(text, rules.scheme);
  if (!parameters) return tl::unexpected(parameters.error());
  return readOptions(*parameters, rules);
}

Result<SourceUri> parseTest(std::string_view text) {
  const auto [name, options] = text::splitAt(text, '?');
  if (!name.empty()) {
    return refuse("nothing but options can stand behind test:, as test:?size=1280x720&fps=30");
  }
  const auto parameters = readQuery(options.value_or(""), "test:");
  if (!parameters) return tl::unexpected(parameters.error());
  Test test;
  for (const auto& [option, value] : *parameters) {
    if (auto read = readTestOption(option, value, test); !read) return tl::unexpected(read.error());
  }
  if (test.stamp && (test.width < stamp::kWidth || test.height < stamp::kHeight)) {
    return refuse("stamp needs a size of 512x32 or more");
  }
  return test;
}

/// The path is taken as it stands, up to the last '?'.
Result<SourceUri> parseFile(std::string_view text) {
  const auto mark = text.rfind('?');
  const auto path = text.substr(0, mark);
  if (path.empty()) return refuse("the path is missing; write file:PATH");
  if (path.find('\0') != std::string::npos) return refuse("a path can't hold a zero byte");
  File file{.path = std::string(path), .options = {}};
  if (mark == std::string_view::npos) return file;
  auto options = parseOptions(text.substr(mark + 1), {.scheme = "file:"});
  if (!options) return tl::unexpected(options.error());
  file.options = *std::move(options);
  return file;
}

bool isCommonOption(const std::string& name) {
  constexpr std::array<std::string_view, 5> kNames{"size", "fps", "flip", "format", "stamp"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

/// Whether a pipeline's end is meant as options: a '?' may as well stand in a URL inside of it.
bool looksLikeOptions(std::string_view text) {
  const auto parameters = query::parse(text);
  return parameters && !parameters->empty() &&
         std::all_of(parameters->begin(), parameters->end(),
                     [](const auto& parameter) { return isCommonOption(parameter.first); });
}

Result<SourceUri> parsePipeline(std::string_view text) {
  Pipeline pipeline;
  const auto mark = text.rfind('?');
  if (mark != std::string_view::npos && looksLikeOptions(text.substr(mark + 1))) {
    auto options = parseOptions(text.substr(mark + 1), {.scheme = "gst:"});
    if (!options) return tl::unexpected(options.error());
    pipeline.options = *std::move(options);
    text = text.substr(0, mark);
  }
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return refuse(
        "the pipeline is missing; write gst:PIPELINE, as gst:videotestsrc ! videoconvert");
  }
  if (text.find('\0') != std::string_view::npos) {
    return refuse("a pipeline can't hold a zero byte");
  }
  pipeline.description = text;
  return pipeline;
}

/// A device's name, and its options.
struct Device {
  std::string name;
  query::Parameters parameters;
};

Result<Device> readDevice(std::string_view text, std::string_view scheme) {
  const auto [name, options] = text::splitAt(text, '?');
  if (text::hasControl(name)) {
    return refuse(std::string(scheme) + " takes no control characters in a name");
  }
  auto parameters = readQuery(options.value_or(""), scheme);
  if (!parameters) return tl::unexpected(parameters.error());
  return Device{std::string(name), *std::move(parameters)};
}

Result<SourceUri> parseV4l2(std::string_view text) {
  auto device = readDevice(text, "v4l2:");
  if (!device) return tl::unexpected(device.error());
  auto options = readOptions(device->parameters,
                             {.scheme = "v4l2:", .formats = Formats::kCamera, .properties = true});
  if (!options) return tl::unexpected(options.error());
  return V4l2{std::move(device->name), *std::move(options)};
}

Result<SourceUri> parseLibcamera(std::string_view text) {
  auto device = readDevice(text, "libcamera:");
  if (!device) return tl::unexpected(device.error());
  const auto options =
      readOptions(device->parameters,
                  {.scheme = "libcamera:", .formats = Formats::kCamera, .properties = true});
  if (!options) return tl::unexpected(options.error());
  if (options->format == "mjpeg" || options->format == "h264") {
    return refuse("libcamera: yields raw pictures only; leave format=" + options->format + " out");
  }
  return Libcamera{std::move(device->name), *options};
}

Result<SourceUri> parseScreen(std::string_view text) {
  auto device = readDevice(text, "screen:");
  if (!device) return tl::unexpected(device.error());
  auto options = readOptions(device->parameters, {.scheme = "screen:", .properties = true});
  if (!options) return tl::unexpected(options.error());
  return Screen{std::move(device->name), *std::move(options)};
}

/// WIDTHxHEIGHT, and @FPS if wanted.
Result<void> readCapture(const std::string& value, Csi& csi) {
  const auto [size, fps] = text::splitAt(value, '@');
  const auto read = readSize("capture", std::string(size));
  if (!read) return tl::unexpected(read.error());
  csi.capture = *read;
  if (!fps) return {};
  const auto rate = readFps(std::string(*fps));
  if (!rate) {
    return refuse("capture takes WIDTHxHEIGHT@FPS, as capture=1280x720@60, not " +
                  text::quote(value));
  }
  csi.captureFps = *rate;
  return {};
}

Result<SourceUri> parseCsi(std::string_view text) {
  auto device = readDevice(text, "csi:");
  if (!device) return tl::unexpected(device.error());
  Csi csi;
  const auto sensor = text::parseInteger(device->name, 0, kMaxSensor);
  if (!sensor) {
    return refuse("csi: takes the number of a camera, as csi:0, not " + text::quote(device->name));
  }
  csi.sensor = *sensor;
  if (const auto capture = device->parameters.find("capture");
      capture != device->parameters.end()) {
    if (auto read = readCapture(capture->second, csi); !read) return tl::unexpected(read.error());
    device->parameters.erase(capture);
  }
  auto options = readOptions(device->parameters, {.scheme = "csi:", .properties = true});
  if (!options) return tl::unexpected(options.error());
  csi.options = *std::move(options);
  return csi;
}

using Parser = Result<SourceUri> (*)(std::string_view);
constexpr std::array<std::pair<std::string_view, Parser>, 7> kParsers{{
    {"test", parseTest},
    {"file", parseFile},
    {"gst", parsePipeline},
    {"v4l2", parseV4l2},
    {"csi", parseCsi},
    {"libcamera", parseLibcamera},
    {"screen", parseScreen},
}};

}  // namespace

Result<SourceUri> parse(std::string_view text) {
  const auto [scheme, rest] = text::splitAt(text, ':');
  if (rest) {
    for (const auto& [name, parser] : kParsers) {
      if (scheme == name) return parser(*rest);
    }
    if (scheme == "rtsp" || scheme == "rtsps") {
      auto rtsp = parseRtsp(text);
      if (!rtsp) return tl::unexpected(rtsp.error());
      return *std::move(rtsp);
    }
  }
  return refuse(text::quote(redact(text)) +
                " does not begin with v4l2:, csi:, libcamera:, rtsp://, screen:, test:, file: or "
                "gst:, as v4l2:/dev/video0 does");
}

}  // namespace rtcpub::source_uri
