#include "cli/byte_sink.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>

namespace rtcpub::cli {
namespace {

class ByteSinkTest : public testing::Test {
 protected:
  void SetUp() override {
    std::signal(SIGPIPE, SIG_IGN);  // as main() does
    std::string name = (std::filesystem::temp_directory_path() / "rtcpub-cli-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::string fifo() const {
    const std::string path = directory_ / "fifo";
    EXPECT_EQ(mkfifo(path.c_str(), 0600), 0);
    return path;
  }

  std::filesystem::path directory_;
};

TEST_F(ByteSinkTest, WritesAFile) {
  const std::string path = directory_ / "file";
  {
    auto sink = ByteSink::open(path);
    ASSERT_TRUE(sink.has_value());
    ASSERT_TRUE(sink->write("abc", {}).has_value());
    ASSERT_TRUE(sink->write(std::string(100'000, 'd'), {}).has_value());
  }
  std::ifstream file(path);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(content, "abc" + std::string(100'000, 'd'));
}

TEST_F(ByteSinkTest, LeavesNoFileHalfWritten) {
  const std::string path = directory_ / "file";
  std::stop_source stop;
  stop.request_stop();
  ASSERT_TRUE(ByteSink::open(path)->write("abc", stop.get_token()).has_value());
  EXPECT_EQ(std::filesystem::file_size(path), 3U);
}

TEST_F(ByteSinkTest, TellsWhatCannotBeOpened) {
  const auto sink = ByteSink::open(directory_ / "none" / "file");
  ASSERT_FALSE(sink.has_value());
  EXPECT_EQ(sink.error().code, ErrorCode::kIo);
  EXPECT_NE(sink.error().message.find("none/file: No such file"), std::string::npos);
}

TEST_F(ByteSinkTest, TellsAFullDisk) {
  auto sink = ByteSink::open("/dev/full");
  ASSERT_TRUE(sink.has_value());
  const auto written = sink->write("abc", {});
  ASSERT_FALSE(written.has_value());
  EXPECT_NE(written.error().message.find("No space left"), std::string::npos);
}

TEST_F(ByteSinkTest, WaitsForAReaderOfAFifo) {
  const std::string path = fifo();
  auto sink = ByteSink::open(path);
  ASSERT_TRUE(sink.has_value());
  auto reading = std::async(std::launch::async, [&] {
    return ::open(path.c_str(), O_RDONLY);  // comes back when somebody writes
  });
  ASSERT_TRUE(sink->waitForReader({}).has_value());
  EXPECT_TRUE(sink->write("abc", {}).has_value());
  const int reader = reading.get();
  std::array<char, 3> read{};
  EXPECT_EQ(::read(reader, read.data(), read.size()), 3);
  ::close(reader);
  const auto written = sink->write("abc", {});
  ASSERT_FALSE(written.has_value());
  EXPECT_NE(written.error().message.find("is gone"), std::string::npos);
}

TEST_F(ByteSinkTest, WaitsForNobodyWhenItIsToStop) {
  const std::string path = fifo();
  auto sink = ByteSink::open(path);
  ASSERT_TRUE(sink.has_value());
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(sink->waitForReader(stop.get_token()).has_value());
  EXPECT_TRUE(sink->write("abc", stop.get_token()).has_value());
}

TEST_F(ByteSinkTest, LeavesAReaderWhoStandsStillWhenItIsToStop) {
  const std::string path = fifo();
  const int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK);
  auto sink = ByteSink::open(path);
  ASSERT_TRUE(sink.has_value());
  std::stop_source stop;
  auto writing = std::async(std::launch::async, [&] {
    return sink->write(std::string(4'000'000, 'a'), stop.get_token()).has_value();
  });
  stop.request_stop();
  EXPECT_TRUE(writing.get());
  ::close(reader);
}

}  // namespace
}  // namespace rtcpub::cli
