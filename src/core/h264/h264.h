#pragma once

#include <cstdint>
#include <optional>
#include <span>

/// What must be known of H264 to send it as it comes (ITU-T H.264).
namespace rtcpub::h264 {

using Bytes = std::span<const std::uint8_t>;

/// Types of NAL units (table 7-1) that matter here.
enum class NalType : std::uint8_t {
  kSlice = 1,
  kPartitionA = 2,
  kIdrSlice = 5,
  kSei = 6,
  kSps = 7,
  kPps = 8,
};

/// A NAL unit: its header byte and what follows, with emulation prevention.
struct Nal {
  NalType type{};
  Bytes bytes;
};

/// Walks over the NAL units of a stream in Annex B form.
class NalReader {
 public:
  explicit NalReader(Bytes stream);
  /// The next one that isn't empty.
  std::optional<Nal> next();

 private:
  Bytes rest_;  // begins behind a start code, or is empty
};

enum class SliceType : std::uint8_t { kP, kB, kI, kSp, kSi };

/// Whether a slice, or a data partition A, begins a picture: first_mb_in_slice is 0
/// (section 7.3.3). `payload` is what follows the NAL unit's header.
bool beginsPicture(Bytes payload);

/// Whether supplemental enhancement information says that decoding may begin here (section D.1.8).
bool hasRecoveryPoint(const Nal& sei);

/// The type of a slice, or of a data partition A (section 7.3.3).
std::optional<SliceType> sliceType(const Nal& nal);

/// A sequence parameter set (section 7.3.2.1.1).
struct Sps {
  int profile = 0;       ///< profile_idc: 66 is baseline
  int level = 0;         ///< level_idc: ten times the level
  int width = 0;         ///< pixels, cropped
  int height = 0;        ///< pixels, cropped
  bool plain420 = true;  ///< 8 bits a sample, chroma halved both ways: all that WebRTC has
  int chroma = 1;        ///< chroma_format_idc: 1 for 4:2:0, 2 for 4:2:2, 3 for 4:4:4, 0 for grey
  int bits = 8;          ///< of a sample
  /// By how many pictures the order of decoding may differ from that of showing, if it says so.
  std::optional<int> maxReorderFrames;

  /// Whether it rules B-frames out.
  [[nodiscard]] bool rulesOutBFrames() const;
};

/// Errors: nothing for what is no SPS, is cut off or has a size that can't be.
std::optional<Sps> parseSps(Bytes nal);

/// What an access unit in Annex B form holds.
struct AccessUnit {
  bool picture = false;        ///< any slice
  bool idr = false;            ///< decoding can begin here, given the parameter sets
  bool recoveryPoint = false;  ///< a decoder may begin here, though a viewer doesn't, if no IDR
  bool cutOff = false;         ///< the picture's first slices are missing
  bool bSlices = false;
  bool pps = false;
  std::optional<Sps> sps;  ///< the last one, if it is valid
  bool plain420 = true;    ///< every SPS in it is valid, and says that it is so
};
AccessUnit inspect(Bytes accessUnit);

}  // namespace rtcpub::h264
