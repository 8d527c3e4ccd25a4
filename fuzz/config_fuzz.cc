// A configuration file's TOML: what is read can be written and read again.
#include "cli/config/toml_text.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rtcpub::cli;
  const auto text = asText(data, size);
  const auto entries = parseConfigText(text);
  if (!entries) {
    require(entries.error().line > 0 && !entries.error().message.empty());
    return 0;
  }
  require(fitsToml(text.substr(0, text.find('\0'))));
  int line = 1;
  for (const ConfigEntry& entry : *entries) {
    require(entry.line >= line && entry.values.size() >= (entry.list ? 0U : 1U));
    line = entry.line;
    for (const ConfigValue& value : entry.values) require(fitsToml(value.text));
    const auto again = parseConfigText("key = " + tomlValue(entry.list, entry.values));
    require(again && again->size() == 1 && again->front().list == entry.list);
    require(again->front().values == entry.values);
  }
  return 0;
}
