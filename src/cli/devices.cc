#include "rtcpub/devices.h"

#include <cstdio>
#include <memory>

#include "cli/command.h"
#include "cli/devices_table.h"

namespace rtcpub::cli {
namespace {

int printDevices(bool json) {
  const Devices devices = listDevices();
  const std::string text = json ? toJson(devices) + "\n" : devicesTable(devices);
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? 0 : 1;
}

}  // namespace

void addDevices(CLI::App& sub, Chosen& chosen) {
  auto json = std::make_shared<bool>(false);
  sub.add_flag("--json", *json, "Print JSON");
  sub.footer(
      "Example:\n"
      "  rtcpub devices --json");
  sub.callback([json, &chosen] { chosen = [json] { return printDevices(*json); }; });
}

}  // namespace rtcpub::cli
