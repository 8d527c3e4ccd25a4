#include "log/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "rtcpub/log.h"

namespace rtcpub {
namespace {

std::function<std::string(std::string_view)>& wording() {
  static std::function<std::string(std::string_view)> words;
  return words;
}

/// The message, fit for a terminal: peers have their say in many.
class EscapedMessage final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm& /*time*/,
              spdlog::memory_buf_t& out) override {
    const std::string_view said(message.payload.data(), message.payload.size());
    const std::string text = escaped(wording() ? wording()(said) : std::string(said));
    out.append(text.data(), text.data() + text.size());
  }
  [[nodiscard]] std::unique_ptr<spdlog::custom_flag_formatter> clone() const override {
    return std::make_unique<EscapedMessage>();
  }
};

}  // namespace

spdlog::logger& log() {
  static const auto logger = [] {
    auto made = std::make_shared<spdlog::logger>(
        "rtcpub", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
    made->set_level(spdlog::level::warn);
    // On a terminal the program's status line gives way.
    const std::string clear = isatty(STDERR_FILENO) != 0 ? "\033[K" : "";
    auto formatter = std::make_unique<spdlog::pattern_formatter>();
    formatter->add_flag<EscapedMessage>('*').set_pattern(clear + "%Y-%m-%dT%H:%M:%S.%e %^%l%$ %*");
    made->set_formatter(std::move(formatter));
    return made;
  }();
  return *logger;
}

void setLogWording(std::function<std::string(std::string_view)> words) {
  wording() = std::move(words);
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
