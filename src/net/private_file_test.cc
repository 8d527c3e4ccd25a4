#include "net/private_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace rtcpub::net {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

class PrivateFileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "rtcpub-file-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  /// Its path.
  std::string write(const std::string& content, mode_t mode) {
    const std::string path = (folder_ / "secret").string();
    std::ofstream(path, std::ios::binary) << content;
    EXPECT_EQ(::chmod(path.c_str(), mode), 0);
    return path;
  }

  std::filesystem::path folder_;
};

TEST_F(PrivateFileTest, IsReadWhole) {
  const std::string content = std::string("a\0b\n", 4) + std::string(10'000, 'x');
  const std::string path = write(content, 0600);
  EXPECT_EQ(readPrivateFile(path).value(), content);
  EXPECT_EQ(readFile(path).value(), content);
  EXPECT_EQ(readPrivateFile(write("", 0400)).value(), "");
}

TEST_F(PrivateFileTest, IsRefusedWhereOthersCanReadOrChangeIt) {
  for (const mode_t mode : {0644, 0604, 0602, 0620, 0660, 0777}) {
    const std::string path = write("secret", mode);
    const auto read = readPrivateFile(path);
    ASSERT_FALSE(read) << std::oct << mode;
    EXPECT_EQ(read.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(read.error().message, EndsWith("chmod 600 " + path));
    EXPECT_EQ(readFile(path).value(), "secret");
  }
}

TEST_F(PrivateFileTest, OfRootsMayBeReadByAGroup) {
  const std::string path = write("secret", 0640);
  EXPECT_EQ(readPrivateFile(path).has_value(), ::geteuid() == 0);
  if (::chown(path.c_str(), 1, 1) != 0) GTEST_SKIP() << "only root gives files away";
  EXPECT_FALSE(readPrivateFile(path));
}

TEST_F(PrivateFileTest, IsTrustedOnlyWhereOthersCannotChangeIt) {
  for (const mode_t mode : {0664, 0646, 0622}) {
    const std::string path = write("key", mode);
    const auto read = readTrustedFile(path);
    ASSERT_FALSE(read) << std::oct << mode;
    EXPECT_EQ(read.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(read.error().message, path +
                                        " can be changed by others on this machine, and its "
                                        "signatures are trusted: chmod go-w " +
                                        path);
  }
  EXPECT_EQ(readTrustedFile(write("key", 0644)).value(), "key");
}

TEST_F(PrivateFileTest, OfAnotherUserIsNeitherTrustedNorKept) {
  constexpr uid_t kReader = 65534;
  constexpr uid_t kOther = 1;
  const std::string path = write("key", 0600);
  if (::chown(path.c_str(), kOther, kOther) != 0) GTEST_SKIP() << "only root gives files away";
  EXPECT_EQ(readPrivateFile(path).value(), "key") << "root reads everybody's";
  ASSERT_EQ(::chmod(folder_.c_str(), 0755), 0);
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  ASSERT_EQ(::seteuid(kReader), 0);
  const auto trusted = readTrustedFile(path);
  const auto kept = readPrivateFile(path);
  ASSERT_EQ(::seteuid(0), 0);
  for (const auto& read : {trusted, kept}) {
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().message, HasSubstr("belongs to another user"));
  }
}

TEST_F(PrivateFileTest, ThatIsNotThereOrNoneSaysSo) {
  for (const auto& read : {readFile, readPrivateFile, readTrustedFile}) {
    const auto missing = read((folder_ / "nothing").string());
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
    EXPECT_THAT(missing.error().message, HasSubstr("nothing: No such file"));
    const auto directory = read(folder_.string());
    ASSERT_FALSE(directory);
    EXPECT_EQ(directory.error().code, ErrorCode::kIo);
    EXPECT_THAT(directory.error().message, EndsWith("Is a directory"));
    const auto endless = read("/dev/zero");
    ASSERT_FALSE(endless);
    EXPECT_EQ(endless.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(endless.error().message, HasSubstr("KiB long"));
  }
}

TEST_F(PrivateFileTest, MayBeAPipe) {
  const std::string path = (folder_ / "pipe").string();
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  std::jthread writer([&] { std::ofstream(path) << "from a pipe"; });
  EXPECT_EQ(readPrivateFile(path).value(), "from a pipe");
}

}  // namespace
}  // namespace rtcpub::net
