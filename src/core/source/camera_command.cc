#include "core/source/camera_command.h"

#include "core/text/json_members.h"

namespace rtcpub::camera_command {
namespace {

using json::Json;
using json::stringMember;

/// Commands are short: what is longer is something else, and not worth parsing.
constexpr std::size_t kMaxTextBytes = 1024;

/// `{"key":"back","value":3}`: 0 is a stop, which says nothing of a direction.
std::optional<Command> fromMotion(const Json& motion) {
  if (!motion.is_object()) return std::nullopt;
  const auto* key = stringMember(motion, "key");
  const auto* value = json::member(motion, "value");
  if (key == nullptr || value == nullptr || !value->is_number()) return std::nullopt;
  if (!(value->get<double>() > 0)) return std::nullopt;
  if (*key == "back") return Select{std::string(kRear)};
  if (*key == "forward") return Select{std::string(kFront)};
  return std::nullopt;
}

}  // namespace

std::optional<Command> parse(std::string_view text, bool autoRear) {
  if (text.size() > kMaxTextBytes) return std::nullopt;
  const auto object = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return std::nullopt;
  if (const auto* camera = stringMember(object, "camera")) {
    if (camera->empty()) return std::nullopt;
    if (*camera == kList) return List{};
    return Select{*camera};
  }
  const auto* motion = json::member(object, "motion");
  if (!autoRear || motion == nullptr) return std::nullopt;
  return fromMotion(*motion);
}

std::string format(const std::vector<std::string>& cameras, const std::string& onAir) {
  const Json object{{"cameras", cameras}, {"camera", onAir}};
  // A name is the program's own choice: one that isn't UTF-8 must not throw.
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace rtcpub::camera_command
