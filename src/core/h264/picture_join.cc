#include "core/h264/picture_join.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/h264/h264.h"

namespace rtcpub {
namespace {

using Bytes = std::span<const std::uint8_t>;
using Kind = PicturePart::Kind;
using Held = PictureJoin::Step::Held;
using Part = PictureJoin::Step::Part;

// Markers are believed after so many whole pictures when there are no key frames.
constexpr int kEnough = 60;
constexpr std::size_t kLengthBytes = 4;

// A NAL unit's part, if it is a slice (H.264 table 7-1).
std::optional<PicturePart> sliceOfH264(Bytes nal) {
  const int type = nal[0] & 0x1F;
  if (nal.size() < 2 || (type != 1 && type != 2 && type != 5)) return std::nullopt;
  return PicturePart{.kind = h264::beginsPicture(nal.subspan(1)) ? Kind::kBegins : Kind::kContinues,
                     .keyFrame = type == 5};
}

// The same of H.265 (table 7-1); behind the header of two bytes the first bit of a slice segment
// says whether it is the picture's first one (section 7.3.6.1).
std::optional<PicturePart> sliceOfH265(Bytes nal) {
  const int type = (nal[0] >> 1) & 0x3F;
  if (nal.size() < 3 || type > 31) return std::nullopt;
  return PicturePart{.kind = (nal[2] & 0x80) != 0 ? Kind::kBegins : Kind::kContinues,
                     .keyFrame = type >= 16 && type <= 23};
}

std::optional<PicturePart> sliceOf(Bytes nal, PartCodec codec) {
  if (nal.empty()) return std::nullopt;
  return codec == PartCodec::kH264 ? sliceOfH264(nal) : sliceOfH265(nal);
}

// Walks over NAL units that have their lengths in front.
class LengthReader {
 public:
  explicit LengthReader(Bytes bytes) : rest_(bytes) {}
  std::optional<Bytes> next() {
    if (rest_.size() <= kLengthBytes) return std::nullopt;
    std::size_t length = 0;
    for (std::size_t i = 0; i < kLengthBytes; ++i) length = length << 8 | rest_[i];
    rest_ = rest_.subspan(kLengthBytes);
    const Bytes nal = rest_.first(std::min(length, rest_.size()));
    rest_ = rest_.subspan(nal.size());
    return nal;
  }

 private:
  Bytes rest_;
};

}  // namespace

PicturePart inspectPart(Bytes bytes, PartCodec codec, PartFraming framing) {
  h264::NalReader units(bytes);
  LengthReader lengths(bytes);
  while (true) {
    std::optional<Bytes> nal;
    if (framing == PartFraming::kLengths) {
      nal = lengths.next();
    } else if (const auto unit = units.next()) {
      nal = unit->bytes;
    }
    if (!nal) return {};
    if (const auto slice = sliceOf(*nal, codec)) return *slice;
  }
}

PictureJoin::Step PictureJoin::take(const PicturePart& part) {
  // What was held may lack its end, and what was sent, too.
  const bool lost = part.gap && std::exchange(holding_, false);
  if (part.gap) open_ = false;
  Step step = stepOf(part);
  if (lost) step.held = Held::kDrop;
  return step;
}

PictureJoin::Step PictureJoin::stepOf(const PicturePart& part) {
  switch (part.kind) {
    case Kind::kBegins:
      return takeBegin(part);
    case Kind::kContinues:
      return takeContinuation();
    default:
      return {.held = std::exchange(holding_, false) ? Held::kSend : Held::kKeep};
  }
}

PictureJoin::Step PictureJoin::takeBegin(const PicturePart& part) {
  Step step{.gap = std::exchange(damaged_, false)};
  if (std::exchange(holding_, false)) {
    step.held = Held::kSend;
    learn();
  }
  open_ = true;
  if (trusts_) return step;
  step.part = Part::kHold;
  holding_ = true;
  heldKeyFrame_ = part.keyFrame;
  return step;
}

PictureJoin::Step PictureJoin::takeContinuation() {
  if (holding_) {
    joins_ = true;
    return {.part = Part::kJoin};
  }
  if (open_) {
    joins_ = true;
    trusts_ = false;
  }
  // The picture's first slices are missing, or gone already.
  damaged_ = true;
  return {.part = Part::kDrop};
}

void PictureJoin::learn() {
  ++pictures_;
  trusts_ = !joins_ && (heldKeyFrame_ || pictures_ >= kEnough);
}

}  // namespace rtcpub
