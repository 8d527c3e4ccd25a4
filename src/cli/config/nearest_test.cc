#include "cli/config/nearest.h"

#include <gtest/gtest.h>

namespace rtcpub::cli {
namespace {

const std::vector<std::string> kNames{"listen", "media-port", "public-ip", "ice", "ca", "server"};

TEST(Nearest, FindsWhatWasMeant) {
  EXPECT_EQ(nearest("lisen", kNames), "listen");
  EXPECT_EQ(nearest("media_port", kNames), "media-port");
  EXPECT_EQ(nearest("mediaport", kNames), "media-port");
  EXPECT_EQ(nearest("publci-ip", kNames), "public-ip");
  EXPECT_EQ(nearest("servers", kNames), "server");
}

TEST(Nearest, FindsNothingInWhatIsFarAway) {
  EXPECT_EQ(nearest("bandwidth", kNames), "");
  EXPECT_EQ(nearest("", kNames), "");
  EXPECT_EQ(nearest("co", kNames), "");
  EXPECT_EQ(nearest(std::string(100000, 'x'), kNames), "");
  EXPECT_EQ(nearest("listen", {}), "");
}

}  // namespace
}  // namespace rtcpub::cli
