#include "fault.h"

#include <glib.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>
#include <mutex>
#include <sstream>
#include <string>

namespace rtcpub::fake {
namespace {

using Words = std::map<std::string, std::string>;

Words split(const std::string& text) {
  Words words;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) {
    const auto equals = part.find('=');
    if (equals != std::string::npos) words[part.substr(0, equals)] = part.substr(equals + 1);
  }
  return words;
}

std::string variableName(const std::string& element) {
  std::string name = "RTCPUB_FAKE_" + element;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
  return name;
}

int number(const Words& words, const char* key, int otherwise) {
  const auto found = words.find(key);
  return found == words.end() ? otherwise : std::atoi(found->second.c_str());
}

template <class Kind>
Kind pick(const Words& words, const char* key, const std::map<std::string, Kind>& kinds) {
  const auto word = words.find(key);
  if (word == words.end()) return Kind{};
  const auto kind = kinds.find(word->second);
  return kind == kinds.end() ? Kind{} : kind->second;
}

// How often each variable has worked already, in this process.
bool mayWorkAgain(const std::string& variable, const std::string& text, int times) {
  static std::mutex mutex;
  static std::map<std::string, int> worked;
  const std::lock_guard lock(mutex);
  int& count = worked[variable + "=" + text];
  if (times >= 0 && count >= times) return false;
  ++count;
  return true;
}

}  // namespace

Fault takeFault(const std::string& element, const std::string& device) {
  const std::string variable = variableName(element);
  const char* text = g_getenv(variable.c_str());
  if (text == nullptr) return {};
  const Words words = split(text);
  const auto on = words.find("on");
  if (on != words.end() && on->second != device) return {};
  if (!mayWorkAgain(variable, text, number(words, "times", -1))) return {};
  Fault fault;
  fault.open = pick<Fault::Open>(words, "open",
                                 {{"busy", Fault::Open::kBusy},
                                  {"denied", Fault::Open::kDenied},
                                  {"missing", Fault::Open::kMissing}});
  fault.then = pick<Fault::Then>(
      words, "then",
      {{"error", Fault::Then::kError}, {"stall", Fault::Then::kStall}, {"end", Fault::Then::kEnd}});
  fault.frames = number(words, "frames", 0);
  return fault;
}

}  // namespace rtcpub::fake
