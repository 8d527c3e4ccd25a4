#include "core/source/source_options.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/measure/stamp.h"
#include "core/text/text.h"

namespace rtcpub::source_uri {
namespace {

// The moving block of the reference content needs the lower bound (docs/stamp.md).
constexpr int kMinSize = 64;
constexpr int kMaxSize = 8192;
constexpr int kMaxFps = 240;
constexpr std::size_t kMaxFormat = 16;

constexpr std::array<std::pair<std::string_view, Flip>, 5> kFlips{{{"none", Flip::kNone},
                                                                   {"90", Flip::k90},
                                                                   {"180", Flip::k180},
                                                                   {"270", Flip::k270},
                                                                   {"mirror", Flip::kMirror}}};

bool isNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

bool isName(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), isNameCharacter);
}

Result<Flip> readFlip(const std::string& value) {
  for (const auto& [name, flip] : kFlips) {
    if (name == value) return flip;
  }
  return refuse("flip takes none, 90, 180, 270 or mirror, not " + text::quote(value));
}

Result<std::string> readFormat(const std::string& value, Formats formats) {
  if (formats == Formats::kSent) {
    if (value == "I420" || value == "NV12") return value;
    return refuse("format takes I420 or NV12 here, not " + text::quote(value));
  }
  if (value.size() <= kMaxFormat && isName(value)) return value;
  return refuse("format takes raw, mjpeg, h264 or the name of a raw format, as YUY2, not " +
                text::quote(value));
}

template <class T>
Result<void> keep(Result<T> read, auto& place) {
  if (!read) return tl::unexpected(read.error());
  place = *std::move(read);
  return {};
}

Result<void> readOther(const std::string& name, const std::string& value, const OptionRules& rules,
                       Options& options) {
  const std::string scheme(rules.scheme);
  if (!rules.properties) {
    return refuse(scheme + " has no option " + text::quote(name) +
                  "; it has size, fps, flip, format and stamp");
  }
  if (!isName(name) || name == "name" || name == "parent") {
    return refuse(text::quote(name) + " can't be an option of " + scheme +
                  "; besides size, fps, flip, format and stamp it takes the properties of "
                  "GStreamer's element");
  }
  options.properties[name] = value;
  return {};
}

Result<void> readOption(const std::string& name, const std::string& value, const OptionRules& rules,
                        Options& options) {
  if (name == "size") return keep(readSize(name, value), options.size);
  if (name == "fps") return keep(readFps(value), options.fps);
  if (name == "flip") return keep(readFlip(value), options.flip);
  if (name == "format") return keep(readFormat(value, rules.formats), options.format);
  if (name == "stamp") return readStamp(value, options.stamp);
  return readOther(name, value, rules, options);
}

}  // namespace

tl::unexpected<Error> refuse(const std::string& what) {
  return fail(ErrorCode::kInvalidArgument, "video source: " + what);
}

Result<Size> readSize(std::string_view option, const std::string& value) {
  const auto [width, height] = text::splitAt(value, 'x');
  const auto w = text::parseInteger(width, kMinSize, kMaxSize);
  const auto h = text::parseInteger(height.value_or(""), kMinSize, kMaxSize);
  if (!w || !h || *w % 2 != 0 || *h % 2 != 0) {
    const std::string name(option);
    return refuse(name + " takes WIDTHxHEIGHT, even numbers from 64 to 8192, as " + name +
                  "=1280x720, not " + text::quote(value));
  }
  return Size{*w, *h};
}

Result<int> readFps(const std::string& value) {
  const auto fps = text::parseInteger(value, 1, kMaxFps);
  if (!fps) {
    return refuse("fps takes a whole number from 1 to 240, as fps=30, not " + text::quote(value));
  }
  return *fps;
}

Result<void> readStamp(const std::string& value, bool& stamp) {
  if (!value.empty()) return refuse("stamp takes no value; write ?stamp, or leave it out");
  stamp = true;
  return {};
}

Result<Options> readOptions(const query::Parameters& parameters, const OptionRules& rules) {
  Options options;
  for (const auto& [name, value] : parameters) {
    if (auto read = readOption(name, value, rules, options); !read) {
      return tl::unexpected(read.error());
    }
  }
  const bool small = options.size &&
                     (options.size->width < stamp::kWidth || options.size->height < stamp::kHeight);
  if (options.stamp && small) return refuse("stamp needs a size of 512x32 or more");
  return options;
}

}  // namespace rtcpub::source_uri
