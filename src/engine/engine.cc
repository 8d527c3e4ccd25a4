#include "engine/engine.h"

#include <mutex>
#include <string>

#include "engine/srtp_ciphers.h"
#include "log/log.h"
#include "rtc_base/logging.h"
#include "rtc_base/ssl_adapter.h"

namespace rtcpub::engine {
namespace {

/// Everything at debug level: libwebrtc calls an error what is none to a person, such as a missing
/// sound card or a peer that hangs up.
///
/// Runs on: any of libwebrtc's threads, one call at a time (its log has a lock).
class EngineLog final : public rtc::LogSink {
 public:
  void OnLogMessage(const std::string& message) override {
    log().debug("libwebrtc: {}", withoutLineEnd(message));
  }

 private:
  static std::string_view withoutLineEnd(std::string_view message) {
    while (!message.empty() && (message.back() == '\n' || message.back() == '\r')) {
      message.remove_suffix(1);
    }
    return message;
  }
};

void takeOverLog() {
  rtc::LogMessage::LogToDebug(rtc::LS_NONE);
  rtc::LogMessage::SetLogToStderr(false);
  // Never freed: libwebrtc may log until the process ends. What is below LS_WARNING isn't even
  // formatted: it is much, and holds descriptions and candidates.
  static auto* const sink = new EngineLog;
  rtc::LogMessage::AddLogToStream(sink, rtc::LS_WARNING);
}

void initializeOnce() {
  takeOverLog();
  rtc::InitializeSSL();
  if (const auto installed = installSrtpCiphers(); !installed) {
    log().warn("SRTP stays slow: {}", installed.error().message);
  }
}

}  // namespace

void initialize() {
  static std::once_flag once;
  std::call_once(once, initializeOnce);
}

}  // namespace rtcpub::engine
