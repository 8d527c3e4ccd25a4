#include "log/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <unistd.h>

#include <string>

#include "rtcpub/log.h"

namespace rtcpub {

spdlog::logger& log() {
  static const auto logger = [] {
    auto made = std::make_shared<spdlog::logger>(
        "rtcpub", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
    made->set_level(spdlog::level::warn);
    // On a terminal the program's status line gives way.
    const std::string clear = isatty(STDERR_FILENO) != 0 ? "\033[K" : "";
    made->set_pattern(clear + "%Y-%m-%dT%H:%M:%S.%e %^%l%$ %v");
    return made;
  }();
  return *logger;
}

void setLogLevel(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return log().set_level(spdlog::level::debug);
    case LogLevel::kInfo:
      return log().set_level(spdlog::level::info);
    case LogLevel::kWarning:
      return log().set_level(spdlog::level::warn);
    case LogLevel::kError:
      return log().set_level(spdlog::level::err);
    case LogLevel::kOff:
      return log().set_level(spdlog::level::off);
  }
}

}  // namespace rtcpub
