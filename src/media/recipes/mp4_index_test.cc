#include "media/recipes/mp4_index.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace rtcpub::media {
namespace {

std::string box(const std::string& type, std::size_t rest) {
  const auto size = static_cast<std::uint32_t>(rest + 8);
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text.push_back(static_cast<char>(size >> shift));
  return text + type + std::string(rest, 'x');
}

// A box of 64 bits of size.
std::string largeBox(const std::string& type, char rest) {
  return std::string("\0\0\0\1", 4) + type + std::string(7, '\0') + static_cast<char>(rest + 16) +
         std::string(static_cast<std::size_t>(rest), 'x');
}

bool lacks(const std::string& content) {
  std::istringstream file(content);
  return lacksIndex(file);
}

TEST(Mp4Index, IsThereInFrontOfThePicturesOrBehind) {
  EXPECT_FALSE(lacks(box("ftyp", 16) + box("moov", 100) + box("mdat", 1000)));
  EXPECT_FALSE(lacks(box("ftyp", 16) + box("free", 0) + box("mdat", 1000) + box("moov", 100)));
  EXPECT_FALSE(lacks(box("ftyp", 16) + largeBox("mdat", 100) + box("moov", 100)));
  EXPECT_FALSE(lacks(box("ftyp", 16) + box("moov", 100) + box("moof", 40) + box("mdat", 10)));
}

TEST(Mp4Index, IsMissingInWhatIsCutOff) {
  const std::string whole = box("ftyp", 16) + box("mdat", 1000) + box("moov", 100);
  EXPECT_TRUE(lacks(whole.substr(0, 500)));
  EXPECT_TRUE(lacks(whole.substr(0, 24 + 1008)));
  EXPECT_TRUE(lacks(whole.substr(0, 24 + 1008 + 6)));
  EXPECT_TRUE(lacks(whole.substr(0, 24)));
  EXPECT_TRUE(lacks(box("wide", 0) + largeBox("mdat", 100)));
}

TEST(Mp4Index, IsMissingInWhatIsBeingRecorded) {
  EXPECT_TRUE(lacks(box("ftyp", 16) + std::string("\0\0\0\0mdat", 8) + std::string(500, 'x')));
}

TEST(Mp4Index, IsNotAskedOfOtherFiles) {
  for (const std::string& content :
       {std::string(), std::string("abc"), std::string(100, '\0'), std::string("\x1A\x45\xDF\xA3"),
        std::string("RIFFxxxxAVI LIST"), box("jP  ", 4) + box("ftyp", 8)}) {
    EXPECT_FALSE(lacks(content));
  }
}

}  // namespace
}  // namespace rtcpub::media
