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

void addDevices(CLI::App& program, Chosen& chosen) {
  auto json = std::make_shared<bool>(false);
  CLI::App* sub = program.add_subcommand(
      "devices", "List this machine's cameras and encoders, and the lines to type");
  sub->add_flag("--json", *json, "Print one JSON object");
  sub->footer(
      "Example:\n"
      "  rtcpub devices --json");
  sub->callback([json, &chosen] { chosen = [json] { return printDevices(*json); }; });
}

}  // namespace rtcpub::cli
