// Parts of pictures as a camera sends them: the first byte says codec and framing, then come parts
// with their lengths in two bytes before. What is held back is sent or dropped before more is held.
#include <algorithm>

#include "core/h264/picture_join.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rtcpub;
  using Step = PictureJoin::Step;
  if (size == 0) return 0;
  const auto codec = (data[0] & 1) != 0 ? PartCodec::kH265 : PartCodec::kH264;
  const auto framing = (data[0] & 2) != 0 ? PartFraming::kLengths : PartFraming::kStartCodes;
  std::span<const std::uint8_t> rest(data + 1, size - 1);
  PictureJoin join;
  bool holding = false;
  while (rest.size() > 2) {
    const std::size_t length = std::min<std::size_t>(rest[0] << 8 | rest[1], rest.size() - 2);
    auto part = inspectPart(rest.subspan(2, length), codec, framing);
    require(!part.keyFrame || part.kind != PicturePart::Kind::kOther);
    part.gap = length % 7 == 0;
    rest = rest.subspan(2 + length);
    const Step step = join.take(part);
    if (step.held != Step::Held::kKeep) holding = false;
    require(step.part != Step::Part::kHold || !holding);
    require(step.part != Step::Part::kJoin || holding);
    holding = holding || step.part == Step::Part::kHold;
    if (length % 11 == 0) {
      join.onReleased();
      holding = false;
    }
  }
  return 0;
}
