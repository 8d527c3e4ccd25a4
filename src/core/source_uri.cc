#include "core/source_uri.h"

#include <optional>

#include "core/query.h"
#include "core/stamp.h"
#include "core/text.h"

namespace rtcpub::source_uri {
namespace {

// The moving block of the reference content needs the lower bound (docs/stamp.md).
constexpr int kMinSize = 64;
constexpr int kMaxSize = 8192;
constexpr int kMaxFps = 240;
constexpr std::string_view kStampSuffix = "?stamp";

tl::unexpected<Error> refuse(const std::string& what) {
  return fail(ErrorCode::kInvalidArgument, "video source: " + what);
}

Result<void> readSize(const std::string& value, Test& test) {
  const auto [width, height] = text::splitAt(value, 'x');
  const auto w = text::parseInteger(width, kMinSize, kMaxSize);
  const auto h = text::parseInteger(height.value_or(""), kMinSize, kMaxSize);
  if (!w || !h || *w % 2 != 0 || *h % 2 != 0) {
    return refuse("size takes WIDTHxHEIGHT, even numbers from 64 to 8192, as size=1280x720, not " +
                  text::quote(value));
  }
  test.width = *w;
  test.height = *h;
  return {};
}

Result<void> readFps(const std::string& value, Test& test) {
  const auto fps = text::parseInteger(value, 1, kMaxFps);
  if (!fps) {
    return refuse("fps takes a whole number from 1 to 240, as fps=30, not " + text::quote(value));
  }
  test.fps = *fps;
  return {};
}

Result<void> readStamp(const std::string& value, bool& stamp) {
  if (!value.empty()) return refuse("stamp takes no value; write ?stamp, or leave it out");
  stamp = true;
  return {};
}

Result<void> readTestOption(const std::string& name, const std::string& value, Test& test) {
  if (name == "size") return readSize(value, test);
  if (name == "fps") return readFps(value, test);
  if (name == "stamp") return readStamp(value, test.stamp);
  return refuse("test: has no option " + text::quote(name) + "; it has size, fps and stamp");
}

Result<SourceUri> parseTest(std::string_view text) {
  const auto [name, options] = text::splitAt(text, '?');
  if (!name.empty()) {
    return refuse("nothing but options can stand behind test:, as test:?size=1280x720&fps=30");
  }
  const auto parameters = query::parse(options.value_or(""));
  if (!parameters) return refuse("options of test: " + parameters.error().message);
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
  File file;
  const auto mark = text.rfind('?');
  file.path = text.substr(0, mark);
  if (mark != std::string_view::npos) {
    const auto options = text.substr(mark + 1);
    if (options != "stamp") {
      return refuse("file: has no option " + text::quote(options) + "; it has stamp");
    }
    file.stamp = true;
  }
  if (file.path.empty()) return refuse("the path is missing; write file:PATH");
  if (file.path.find('\0') != std::string::npos) return refuse("a path can't hold a zero byte");
  return file;
}

Result<SourceUri> parsePipeline(std::string_view text) {
  Pipeline pipeline;
  pipeline.stamp = text.ends_with(kStampSuffix);
  if (pipeline.stamp) text.remove_suffix(kStampSuffix.size());
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

}  // namespace

Result<SourceUri> parse(std::string_view text) {
  const auto [scheme, rest] = text::splitAt(text, ':');
  if (rest) {
    if (scheme == "test") return parseTest(*rest);
    if (scheme == "file") return parseFile(*rest);
    if (scheme == "gst") return parsePipeline(*rest);
  }
  return refuse(text::quote(text) + " is none; there are test:, file:PATH and gst:PIPELINE");
}

}  // namespace rtcpub::source_uri
