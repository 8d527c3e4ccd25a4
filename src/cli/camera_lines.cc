#include "cli/camera_lines.h"

#include "cli/output.h"

namespace rtcpub::cli {
namespace {

constexpr std::string_view kSpaces = " \r";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

}  // namespace

std::optional<CameraLine> parseCameraLine(std::string_view line) {
  const auto text = trimmed(line);
  const auto verb = text.substr(0, text.find(' '));
  const std::string camera(trimmed(text.substr(verb.size())));
  if (verb == ":camera" && !camera.empty()) return CameraLine{CameraLine::Verb::kSelect, camera};
  if (verb == ":pip") return CameraLine{CameraLine::Verb::kPictureInPicture, camera};
  return std::nullopt;
}

void runCameraLine(Publisher& publisher, std::string_view line) {
  const auto parsed = parseCameraLine(line);
  if (!parsed) {
    return complain(
        "a line on standard input that begins with ':' is a command: write :camera NAME, :pip NAME "
        "or :pip");
  }
  const auto done = parsed->verb == CameraLine::Verb::kSelect
                        ? publisher.selectCamera(parsed->camera)
                        : publisher.setPictureInPicture(parsed->camera);
  if (!done) complain(done.error().message);
}

}  // namespace rtcpub::cli
