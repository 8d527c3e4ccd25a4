#include <algorithm>
#include <string>

#include "core/clock/clock_sync.h"
#include "core/source/camera_command.h"
#include "core/spider/message.h"
#include "net/forwarded.h"
#include "net/http_rules.h"
#include "parse/cases.h"

namespace rtcpub::bench {
namespace {

constexpr std::size_t kMaxHeader = 16'384;  // as net/connection takes

std::string message(const std::string& type, const std::string& data) {
  return R"({"type":")" + type + R"(","data":")" + data + "\"}";
}

/// Members with names of their own.
std::string members(std::size_t size) {
  std::string text = "{";
  for (std::size_t i = 0; text.size() < size; ++i) text += "\"" + std::to_string(i) + "\":0,";
  return text + R"("type":"ping"})";
}

bool readMessage(const std::string& text) { return spider::parse(text).has_value(); }

bool readForwarded(const std::string& text) {
  static const auto kTrusted = net::TrustedProxies::parse({"192.0.2.0/24"});
  const net::RequestHead head{.method = "GET",
                              .target = "/",
                              .headers = {{"Host", text},
                                          {"Origin", text},
                                          {"X-Forwarded-For", text},
                                          {"X-Forwarded-Host", text},
                                          {"X-Forwarded-Proto", text}}};
  const auto request = net::describe(head, net::remoteAddress("192.0.2.1"), *kTrusted);
  return net::originProblem(request).empty();
}

}  // namespace

std::string repeated(const std::string& text, std::size_t size) {
  std::string all;
  while (all.size() < size) all += text;
  return all;
}

std::vector<Case> textCases() {
  const auto of = [](const std::string& part) {
    return [part](std::size_t size) { return repeated(part, size); };
  };
  const auto ofHeader = [](const std::string& part) {
    return [part](std::size_t size) { return repeated(part, std::min(size, kMaxHeader)); };
  };
  const auto ofMessage = [](const std::string& type, const std::string& part) {
    return [type, part](std::size_t size) { return message(type, repeated(part, size)); };
  };
  const auto readTarget = [](const std::string& text) {
    return spider::parseTarget("/live/ws/sub?channel=x&" + text).has_value();
  };
  const auto readClock = [](const std::string& text) {
    return clock_sync::parse(text).has_value();
  };
  const auto readCamera = [](const std::string& text) {
    return camera_command::parse(text, true).has_value();
  };
  return {
      {"message: offer", "signal", ofMessage("offer", R"(a=x\r\n)"), readMessage},
      {"message: offer of escapes", "signal", ofMessage("offer", R"(\u00e9)"), readMessage},
      {"message: nested", "signal", of("["), readMessage},
      {"message: many values", "signal", of("[0,"), readMessage},
      {"message: many members", "signal", members, readMessage},
      {"message: a string in a string", "signal",
       ofMessage("candidate2", R"({\"candidate\":\"\",)"), readMessage},
      {"message: one long number", "signal", of("1"), readMessage},
      {"clock message: nested", "media", of("["), readClock},
      {"clock message: a long number", "media", of("1"), readClock},
      {"camera command: nested", "robot", of("["), readCamera},
      {"URL: parameters", "signal", of("a=%20&"), readTarget},
      {"URL: one value", "signal", of("%41"), readTarget},
      {"headers: addresses", "signal", ofHeader("192.0.2.7, "), readForwarded},
      {"headers: commas", "signal", ofHeader(","), readForwarded},
      {"headers: one word", "signal", ofHeader("x"), readForwarded},
  };
}

}  // namespace rtcpub::bench
