#include "core/control/command.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/limits/json_shape.h"
#include "core/text/json_members.h"
#include "core/text/text.h"

namespace rtcpub::control {
namespace {

using json::Json;
using json::member;

constexpr auto kMost = static_cast<std::int64_t>(json::kMostExact);

tl::unexpected<Error> refuse(const std::string& what) {
  return fail(ErrorCode::kProtocol, "command: " + what);
}

/// Browsers count microseconds in fractions.
std::optional<std::int64_t> wholeNumber(const Json& object, const char* name, std::int64_t least,
                                        std::int64_t most) {
  const Json* const value = member(object, name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  const double number = value->get<double>();
  if (!(number >= static_cast<double>(least) && number <= static_cast<double>(most))) {
    return std::nullopt;
  }
  return value->is_number_integer() ? value->get<std::int64_t>() : std::llround(number);
}

bool isAxisName(std::string_view name) {
  constexpr std::string_view kTaken =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
  return !name.empty() && name.size() <= kMaxAxisName &&
         name.find_first_not_of(kTaken) == std::string_view::npos;
}

Result<Axes> parseAxes(const Json& command) {
  const Json* const object = member(command, "axes");
  if (object == nullptr || !object->is_object()) return refuse("axes is no JSON object");
  Axes axes;
  for (const auto& [name, value] : object->items()) {
    if (!value.is_number()) return refuse("axis " + text::quote(name) + " is no number");
    axes[name] = value.get<double>();
  }
  if (auto checked = checkAxes(axes); !checked) return refuse(checked.error().message);
  std::erase_if(axes, [](const auto& axis) { return axis.second == 0; });
  return axes;
}

Result<void> parseSaw(const Json& object, Command& command) {
  const Json* const saw = member(object, "saw");
  if (saw == nullptr) return {};
  if (!saw->is_object()) return refuse("saw is no JSON object");
  if (const auto rtp = wholeNumber(*saw, "rtp", 0, std::numeric_limits<std::uint32_t>::max())) {
    command.sawRtp = static_cast<std::uint32_t>(*rtp);
  }
  command.sawNtpUs = wholeNumber(*saw, "ntp", 0, kMost);
  return {};
}

}  // namespace

Result<void> checkAxes(const Axes& axes) {
  const auto refuse = [](const std::string& what) {
    return fail(ErrorCode::kInvalidArgument, what);
  };
  if (axes.size() > kMaxAxes) {
    return refuse(std::to_string(axes.size()) + " axes: " + std::to_string(kMaxAxes) +
                  " at most are taken");
  }
  for (const auto& [name, value] : axes) {
    if (!isAxisName(name)) {
      return refuse("axis " + text::quote(name) + ": a name has 1 to " +
                    std::to_string(kMaxAxisName) + " of A-Z a-z 0-9 _ . -");
    }
    if (!(value >= -1 && value <= 1)) {  // no number is neither
      return refuse("axis " + text::quote(name) + " is no number from -1 to 1");
    }
  }
  return {};
}

Result<Command> parseCommand(std::string_view text) {
  if (text.size() > kMaxTextBytes) return refuse("it is over 4096 bytes long");
  if (!json::isSmall(text)) return refuse("it has too many parts");
  const Json message = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!message.is_object()) return refuse("it is no JSON object");
  const Json* const object = member(message, "command");
  if (object == nullptr || !object->is_object()) return refuse("there is none in it");
  const auto lease = wholeNumber(*object, "lease", 1, kMost);
  if (!lease) return refuse("lease is no whole number from 1 on");
  const auto sequence = wholeNumber(*object, "seq", 1, kMost);
  if (!sequence) return refuse("seq is no whole number from 1 on");
  const auto given = wholeNumber(*object, "given", -kMost, kMost);
  if (!given) return refuse("given is no time in microseconds");
  const auto bound = wholeNumber(*object, "bound", 0, std::int64_t{10'000'000});
  if (!bound) return refuse("bound is no time of up to 10 s in microseconds");
  const auto life = wholeNumber(*object, "life", kLeastLife.count(), kMostLife.count());
  if (!life) return refuse("life is no time of 20 to 1000 ms");
  auto axes = parseAxes(*object);
  if (!axes) return tl::unexpected(axes.error());
  Command command{.lease = static_cast<std::uint64_t>(*lease),
                  .sequence = static_cast<std::uint64_t>(*sequence),
                  .givenUs = *given,
                  .boundUs = *bound,
                  .life = std::chrono::milliseconds(*life),
                  .axes = *std::move(axes)};
  if (auto read = parseSaw(*object, command); !read) return tl::unexpected(read.error());
  command.old = json::flagMember(*object, "old");
  return command;
}

std::string format(const Command& command) {
  Json object{{"lease", command.lease},       {"seq", command.sequence},
              {"given", command.givenUs},     {"bound", command.boundUs},
              {"life", command.life.count()}, {"axes", Json::object()}};
  for (const auto& [name, value] : command.axes) {
    if (value != 0) object["axes"][name] = value;
  }
  Json saw = Json::object();
  if (command.sawRtp) saw["rtp"] = *command.sawRtp;
  if (command.sawNtpUs) saw["ntp"] = *command.sawNtpUs;
  if (!saw.empty()) object["saw"] = std::move(saw);
  if (command.old) object["old"] = true;
  return Json{{"command", std::move(object)}}.dump();
}

}  // namespace rtcpub::control
