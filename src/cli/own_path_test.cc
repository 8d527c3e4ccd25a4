#include "cli/own_path.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace rtcpub::cli {
namespace {

class OwnPathTest : public testing::Test {
 protected:
  OwnPathTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "rtcpub.XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
    for (const char* each : {"one", "two", "none"}) std::filesystem::create_directory(in(each));
    for (const char* each : {"one/rtcpub", "two/rtcpub"}) std::ofstream(in(each)) << each;
  }
  ~OwnPathTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }

  [[nodiscard]] std::string in(const std::string& name) const { return root_ + "/" + name; }

 private:
  std::string root_;
};

TEST_F(OwnPathTest, IsFoundWhereAShellLooksFirst) {
  const std::string path = in("none") + ":" + in("one") + ":" + in("two");
  EXPECT_TRUE(isFoundIn(path, in("one/rtcpub")));
  EXPECT_FALSE(isFoundIn(path, in("two/rtcpub")));
}

TEST_F(OwnPathTest, IsFoundByALink) {
  std::filesystem::create_symlink(in("one/rtcpub"), in("none/rtcpub"));
  EXPECT_TRUE(isFoundIn(in("none"), in("one/rtcpub")));
}

TEST_F(OwnPathTest, IsNotFoundElsewhere) {
  EXPECT_FALSE(isFoundIn("", in("one/rtcpub")));
  EXPECT_FALSE(isFoundIn(in("none"), in("one/rtcpub")));
}

}  // namespace
}  // namespace rtcpub::cli
