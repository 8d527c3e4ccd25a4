#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "rtcpub/result.h"

/// The URI-like names of video sources.
namespace rtcpub::source_uri {

struct Test {
  int width = 1280;
  int height = 720;
  int fps = 30;
  bool stamp = false;
  friend bool operator==(const Test&, const Test&) = default;
};
struct File {
  std::string path;
  bool stamp = false;
  friend bool operator==(const File&, const File&) = default;
};
struct Pipeline {
  std::string description;
  bool stamp = false;
  friend bool operator==(const Pipeline&, const Pipeline&) = default;
};
using SourceUri = std::variant<Test, File, Pipeline>;

/// Errors: kInvalidArgument, naming the option and what it takes. `gst:` takes everything after the
/// colon as the pipeline, but for a trailing `?stamp`.
Result<SourceUri> parse(std::string_view text);

}  // namespace rtcpub::source_uri
