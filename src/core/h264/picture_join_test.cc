#include "core/h264/picture_join.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rtcpub {
namespace {

using Kind = PicturePart::Kind;
using Held = PictureJoin::Step::Held;
using Part = PictureJoin::Step::Part;

const PicturePart kKey{.kind = Kind::kBegins, .keyFrame = true};
const PicturePart kDelta{.kind = Kind::kBegins};
const PicturePart kMore{.kind = Kind::kContinues};
const PicturePart kSets{.kind = Kind::kOther};

PicturePart behindGap(PicturePart part) {
  part.gap = true;
  return part;
}

// Does what the steps say; pictures are strings of their parts' letters, in the order of sending. A
// picture behind a gap has a "!" in front.
class Stream {
 public:
  void put(const PicturePart& part, const std::string& letter) {
    const auto step = join_.take(part);
    if (step.held == Held::kSend) sent_.push_back(held_);
    if (step.held != Held::kKeep) held_.clear();
    const std::string text = (step.gap || part.gap ? "!" : "") + letter;
    if (step.part == Part::kSend) sent_.push_back(text);
    if (step.part == Part::kHold) held_ = text;
    if (step.part == Part::kJoin) held_ += text;
  }
  [[nodiscard]] const std::vector<std::string>& sent() const { return sent_; }

 private:
  PictureJoin join_;
  std::string held_;
  std::vector<std::string> sent_;
};

using Sent = std::vector<std::string>;

TEST(PictureJoin, JoinsTheSlicesOfACameraThatMarksEach) {
  Stream stream;
  stream.put(kSets, "s");
  stream.put(kKey, "a");
  stream.put(kMore, "b");
  stream.put(kMore, "c");
  stream.put(kDelta, "d");
  stream.put(kMore, "e");
  stream.put(kDelta, "f");
  EXPECT_EQ(stream.sent(), (Sent{"s", "abc", "de"}));
}

TEST(PictureJoin, HoldsNothingBackOnceAKeyFrameCameInOnePiece) {
  Stream stream;
  stream.put(kKey, "a");
  EXPECT_EQ(stream.sent(), Sent{});
  stream.put(kDelta, "b");
  EXPECT_EQ(stream.sent(), (Sent{"a", "b"}));
  stream.put(kDelta, "c");
  EXPECT_EQ(stream.sent(), (Sent{"a", "b", "c"}));
}

TEST(PictureJoin, BelievesMarkersWithoutKeyFramesAfterManyPictures) {
  Stream stream;
  for (int i = 0; i < 60; ++i) stream.put(kDelta, "a");
  EXPECT_EQ(stream.sent().size(), 59U);
  stream.put(kDelta, "a");
  EXPECT_EQ(stream.sent().size(), 61U);
}

TEST(PictureJoin, SendsAHeldPictureWhenParameterSetsFollow) {
  Stream stream;
  stream.put(kKey, "a");
  stream.put(kMore, "b");
  stream.put(kSets, "s");
  EXPECT_EQ(stream.sent(), (Sent{"ab", "s"}));
}

TEST(PictureJoin, FlagsWhatFollowsAPictureThatWentOutWithoutItsEnd) {
  Stream stream;
  stream.put(kKey, "a");
  stream.put(kDelta, "b");
  stream.put(kMore, "c");
  stream.put(kMore, "d");
  stream.put(kKey, "e");
  stream.put(kMore, "f");
  stream.put(kDelta, "g");
  EXPECT_EQ(stream.sent(), (Sent{"a", "b", "!ef"}));
}

TEST(PictureJoin, DropsAPictureWhoseEndIsMissing) {
  Stream stream;
  stream.put(kKey, "a");
  stream.put(kMore, "b");
  stream.put(kDelta, "c");
  stream.put(behindGap(kDelta), "d");
  stream.put(kDelta, "e");
  EXPECT_EQ(stream.sent(), (Sent{"ab", "!d"}));
}

TEST(PictureJoin, DropsAPictureWhoseBeginIsMissing) {
  Stream stream;
  stream.put(kKey, "a");
  stream.put(kMore, "b");
  stream.put(kDelta, "c");
  stream.put(behindGap(kMore), "d");
  stream.put(kMore, "e");
  stream.put(kDelta, "f");
  stream.put(kDelta, "g");
  EXPECT_EQ(stream.sent(), (Sent{"ab", "!f"}));
}

TEST(PictureJoin, ForgetsWhatWasReleased) {
  PictureJoin join;
  (void)join.take(kKey);
  join.onReleased();
  EXPECT_EQ(join.take(kMore).part, Part::kDrop);
}

using Data = std::vector<std::uint8_t>;

TEST(InspectPart, TellsSlicesOfH264Apart) {
  const auto inspect = [](const Data& data) {
    return inspectPart(data, PartCodec::kH264, PartFraming::kStartCodes);
  };
  const auto key = inspect({0, 0, 0, 1, 0x67, 0x42, 0, 0, 1, 0x68, 1, 0, 0, 1, 0x65, 0x88, 0x84});
  EXPECT_EQ(key.kind, Kind::kBegins);
  EXPECT_TRUE(key.keyFrame);
  const auto second = inspect({0, 0, 0, 1, 0x41, 0x03, 0x9a});
  EXPECT_EQ(second.kind, Kind::kContinues);
  EXPECT_FALSE(second.keyFrame);
  EXPECT_EQ(inspect({0, 0, 0, 1, 0x67, 0x42, 0}).kind, Kind::kOther);
  for (const Data& data : {Data{}, Data{0, 0, 1}, Data{0, 0, 1, 0x41}, Data{1, 2, 3}}) {
    EXPECT_EQ(inspect(data).kind, Kind::kOther);
  }
}

TEST(InspectPart, ReadsLengths) {
  const auto inspect = [](const Data& data) {
    return inspectPart(data, PartCodec::kH264, PartFraming::kLengths);
  };
  const auto key = inspect({0, 0, 0, 2, 0x06, 0x05, 0, 0, 0, 3, 0x65, 0x88, 0x84});
  EXPECT_EQ(key.kind, Kind::kBegins);
  EXPECT_TRUE(key.keyFrame);
  EXPECT_EQ(inspect({0, 0, 0, 3, 0x41, 0x03, 0x9a}).kind, Kind::kContinues);
  // Cut off, empty, and longer than there is.
  for (const Data& data : {Data{}, Data{0, 0, 0}, Data{0, 0, 0, 9}, Data{0, 0, 0, 0, 0, 0, 0, 0},
                           Data{0xFF, 0xFF, 0xFF, 0xFF, 0x41}}) {
    EXPECT_EQ(inspect(data).kind, Kind::kOther);
  }
}

TEST(InspectPart, TellsSlicesOfH265Apart) {
  const auto inspect = [](const Data& data) {
    return inspectPart(data, PartCodec::kH265, PartFraming::kLengths);
  };
  const auto key = inspect({0, 0, 0, 3, 0x26, 0x01, 0xAF});  // IDR_W_RADL
  EXPECT_EQ(key.kind, Kind::kBegins);
  EXPECT_TRUE(key.keyFrame);
  const auto second = inspect({0, 0, 0, 3, 0x02, 0x01, 0x2F});  // TRAIL_R
  EXPECT_EQ(second.kind, Kind::kContinues);
  EXPECT_FALSE(second.keyFrame);
  EXPECT_EQ(inspect({0, 0, 0, 3, 0x40, 0x01, 0x0C}).kind, Kind::kOther);  // VPS
}

}  // namespace
}  // namespace rtcpub
