#include "cli/options.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>

namespace rtcpub::cli {
namespace {

TEST(Bitrate, TakesUnits) {
  EXPECT_EQ(parseBitrateKbps("2M"), 2000);
  EXPECT_EQ(parseBitrateKbps("1.5M"), 1500);
  EXPECT_EQ(parseBitrateKbps("800k"), 800);
  EXPECT_EQ(parseBitrateKbps("1500000"), 1500);
}

TEST(Bitrate, RefusesWhatIsNone) {
  for (const char* text : {"", "M", "2G", "-1M", "0", "2 M", "nan", "inf", "1e300M"}) {
    EXPECT_THROW((void)parseBitrateKbps(text), CLI::ValidationError) << text;
  }
}

class ConnectionOptionsTest : public testing::Test {
 protected:
  ConnectionOptions parse(const std::string& more) {
    CLI::App command;
    ConnectionOptions options;
    addConnectionOptions(command, options);
    command.parse("--server wss://a --channel b " + more);
    return options;
  }
};

TEST_F(ConnectionOptionsTest, RetryForEverUnlessTold) {
  EXPECT_EQ(parse("").maxRetryTime, std::nullopt);
  EXPECT_EQ(parse("--max-retry-time 0").maxRetryTime, std::chrono::milliseconds(0));
  EXPECT_EQ(parse("--max-retry-time 1.5").maxRetryTime, std::chrono::milliseconds(1500));
  for (const char* text : {"-1", "soon", "inf", "nan", "1e300"}) {
    EXPECT_THROW(parse(std::string("--max-retry-time ") + text), CLI::ParseError) << text;
  }
}

TEST_F(ConnectionOptionsTest, TrickleUnlessTold) {
  EXPECT_TRUE(parse("").trickle);
  EXPECT_FALSE(parse("--no-trickle").trickle);
}

/// A file that is gone with its test.
class SecretFile {
 public:
  explicit SecretFile(const std::string& content, mode_t mode = 0600) {
    std::string path = (std::filesystem::temp_directory_path() / "rtcpub-XXXXXX").string();
    const int file = ::mkstemp(path.data());
    EXPECT_GE(file, 0);
    ::close(file);
    path_ = path;
    std::ofstream(path_) << content;
    EXPECT_EQ(::chmod(path_.c_str(), mode), 0);
  }
  ~SecretFile() { std::filesystem::remove(path_); }
  SecretFile(const SecretFile&) = delete;
  SecretFile& operator=(const SecretFile&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST_F(ConnectionOptionsTest, ReadATokenFromItsFile) {
  const SecretFile file("  eyJ.abc.def\n");
  EXPECT_EQ(parse("--token-file " + file.path()).token, "eyJ.abc.def");
  EXPECT_EQ(parse("").token, "");
}

TEST_F(ConnectionOptionsTest, RefuseATokenThatOthersCanRead) {
  const SecretFile exposed("eyJ.abc.def\n", 0644);
  try {
    parse("--token-file " + exposed.path());
    FAIL() << "it was taken";
  } catch (const CLI::ParseError& error) {
    EXPECT_NE(std::string(error.what()).find("chmod 600 " + exposed.path()), std::string::npos);
    EXPECT_EQ(std::string(error.what()).find("eyJ"), std::string::npos);
  }
  EXPECT_THROW(parse("--token-file " + SecretFile(" \n").path()), CLI::ParseError);
  EXPECT_THROW(parse("--token-file /nowhere/token"), CLI::ParseError);
}

TEST_F(ConnectionOptionsTest, ReadIceServersFromTheirFile) {
  const SecretFile file("# at home\nstun:a\n\n  turn:u:p@b  \r\n");
  const std::vector<std::string> expected{"stun:a", "turn:u:p@b"};
  EXPECT_EQ(parse("--ice-file " + file.path()).iceServers, expected);
  EXPECT_THROW(parse("--ice stun:a --ice-file " + file.path()), CLI::ParseError);
  EXPECT_THROW(parse("--ice-file " + SecretFile("# nothing").path()), CLI::ParseError);
}

}  // namespace
}  // namespace rtcpub::cli
