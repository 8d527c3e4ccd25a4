#include "cli/setting_names.h"

#include <array>
#include <utility>

namespace rtcpub::cli {

std::string inOptions(std::string_view message) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kOptions{
      {{"iceServers", "--ice"},
       {"relayOnly", "--relay-only"},
       {"caFile", "--ca"},
       {"insecure = true", "--insecure"},
       {"passThrough = false", "--reencode"},
       {"publicIps", "--public-ip"},
       {"tlsCertFile", "--tls-cert"},
       {"tlsKeyFile", "--tls-key"},
       {"dataDir", "--data-dir"},
       {"tokenKeyFiles", "--token-key"},
       {"embeddingOrigins", "--allow-embedding"},
       {"open = true", "--open"},
       {"fingerprint = ", "--fingerprint "},
       {"token = …", "--token-file FILE; 'rtcpub token' makes one on the server's machine"}}};
  std::string text(message);
  for (const auto& [setting, option] : kOptions) {
    for (auto at = text.find(setting); at != text.npos; at = text.find(setting, at)) {
      text.replace(at, setting.size(), option);
    }
  }
  return text;
}

}  // namespace rtcpub::cli
