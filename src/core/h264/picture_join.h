#pragma once

#include <cstdint>
#include <span>

/// Whole pictures out of the parts that a depayloader took for pictures. It ends one at each RTP
/// marker, which is to stand on a picture's last packet (RFC 6184 section 5.1), and which some
/// cameras set on each slice.
namespace rtcpub {

/// Whose NAL units, and how they are told apart: by start codes, or by a length of 4 bytes in front
/// of each.
enum class PartCodec { kH264, kH265 };
enum class PartFraming { kStartCodes, kLengths };

/// What a part is to its picture.
struct PicturePart {
  enum class Kind {
    kOther,      ///< no slice: parameter sets, say, which stand in front of a picture
    kBegins,     ///< its first slice is a picture's first one
    kContinues,  ///< its first slice is another one
  };
  Kind kind = Kind::kOther;
  bool keyFrame = false;
  bool gap = false;  ///< packets are missing in front of it
};

/// `gap` isn't known to it. Errors: kOther for what has no slice that is whole enough.
PicturePart inspectPart(std::span<const std::uint8_t> bytes, PartCodec codec, PartFraming framing);

/// Says what to do with the parts of a stream, in their order. At first each picture is held back
/// until the next one begins. When a key frame has shown that a marker ends a whole picture,
/// pictures go out as they come: nothing waits. Pure.
class PictureJoin {
 public:
  /// First what was held back is dealt with, then the part.
  struct Step {
    enum class Held { kKeep, kSend, kDrop };
    enum class Part { kSend, kHold, kJoin, kDrop };
    Held held = Held::kKeep;
    Part part = Part::kSend;
    /// Pictures in front of the part are damaged or missing, whatever it says itself.
    bool gap = false;
  };
  [[nodiscard]] Step take(const PicturePart& part);

  /// The held picture was sent or thrown away, since the stream ended or changed.
  void onReleased() { holding_ = false; }

 private:
  [[nodiscard]] Step stepOf(const PicturePart& part);
  [[nodiscard]] Step takeBegin(const PicturePart& part);
  [[nodiscard]] Step takeContinuation();
  void learn();

  bool holding_ = false;
  bool heldKeyFrame_ = false;
  bool open_ = false;     // the picture that came last was sent from its first slice on
  bool damaged_ = false;  // one was sent without its last slices
  bool joins_ = false;    // a marker was seen within a picture: none is believed any more
  bool trusts_ = false;   // markers
  int pictures_ = 0;      // that were whole
};

}  // namespace rtcpub
