#include <algorithm>

#include "core/h264/bit_reader.h"
#include "core/h264/h264.h"

namespace rtcpub::h264 {
namespace {

constexpr std::uint32_t kMaxMacroblocks = 1024;  // a side of 16,384 pixels
constexpr int kMacroblock = 16;
constexpr int kExtendedAspectRatio = 255;
constexpr std::uint32_t kMaxReorderFrames = 16;
constexpr std::uint32_t kMaxCpbs = 32;
constexpr std::uint32_t kLastChroma = 3;
constexpr std::uint32_t kMostExtraBits = 6;

// Profiles whose SPS says how chroma is sampled (section 7.3.2.1.1).
bool hasChromaFormat(int profile) {
  switch (profile) {
    case 100:
    case 110:
    case 122:
    case 244:
    case 44:
    case 83:
    case 86:
    case 118:
    case 128:
    case 138:
    case 139:
    case 134:
    case 135:
      return true;
    default:
      return false;
  }
}

// Section 7.3.2.1.1.1.
void skipScalingList(BitReader& reader, int size) {
  std::int32_t last = 8;
  std::int32_t next = 8;
  for (int i = 0; i < size && reader.ok(); ++i) {
    if (next != 0) {
      // A valid difference lies from -128 to 127; others wrap without harm.
      next = static_cast<std::int32_t>(
          (static_cast<std::uint32_t>(last) + static_cast<std::uint32_t>(reader.se()) + 256U) %
          256U);
    }
    last = next == 0 ? last : next;
  }
}

void skipScalingMatrix(BitReader& reader, int lists) {
  for (int i = 0; i < lists && reader.ok(); ++i) {
    if (reader.flag()) skipScalingList(reader, i < 6 ? 16 : 64);
  }
}

// chroma_format_idc.
std::uint32_t readChroma(BitReader& reader, Sps& sps) {
  const std::uint32_t chroma = reader.ue();
  if (chroma == 3) (void)reader.flag();          // separate_colour_plane_flag
  const std::uint32_t lumaBits = reader.ue();    // bit_depth_luma_minus8
  const std::uint32_t chromaBits = reader.ue();  // bit_depth_chroma_minus8
  sps.plain420 = chroma == 1 && lumaBits == 0 && chromaBits == 0;
  sps.chroma = static_cast<int>(std::min(chroma, kLastChroma));
  sps.bits = 8 + static_cast<int>(std::min(std::max(lumaBits, chromaBits), kMostExtraBits));
  (void)reader.flag();  // qpprime_y_zero_transform_bypass_flag
  if (reader.flag()) skipScalingMatrix(reader, chroma == 3 ? 12 : 8);
  return chroma;
}

void skipPictureOrder(BitReader& reader) {
  const std::uint32_t type = reader.ue();
  if (type == 0) {
    (void)reader.ue();  // log2_max_pic_order_cnt_lsb_minus4
  } else if (type == 1) {
    (void)reader.flag();  // delta_pic_order_always_zero_flag
    (void)reader.se();    // offset_for_non_ref_pic
    (void)reader.se();    // offset_for_top_to_bottom_field
    const std::uint32_t cycle = reader.ue();
    for (std::uint32_t i = 0; i < cycle && i < 256 && reader.ok(); ++i) (void)reader.se();
  }
}

// Section E.1.2.
void skipHrd(BitReader& reader) {
  const std::uint32_t count = reader.ue() + 1;
  (void)reader.bits(8);  // bit_rate_scale, cpb_size_scale
  for (std::uint32_t i = 0; i < count && i < kMaxCpbs && reader.ok(); ++i) {
    (void)reader.ue();
    (void)reader.ue();
    (void)reader.flag();
  }
  (void)reader.bits(20);  // four lengths
}

void skipVideoSignal(BitReader& reader) {
  (void)reader.bits(4);                      // video_format, video_full_range_flag
  if (reader.flag()) (void)reader.bits(24);  // the colours' description
}

// What stands in front of the restrictions (section E.1.1).
void skipVuiHead(BitReader& reader) {
  if (reader.flag() && reader.bits(8) == kExtendedAspectRatio) (void)reader.bits(32);
  if (reader.flag()) (void)reader.flag();  // overscan
  if (reader.flag()) skipVideoSignal(reader);
  if (reader.flag()) {  // where chroma lies
    (void)reader.ue();
    (void)reader.ue();
  }
  if (reader.flag()) {  // timing
    (void)reader.bits(32);
    (void)reader.bits(32);
    (void)reader.flag();
  }
}

// max_num_reorder_frames, if it is there.
std::optional<int> readReorderFrames(BitReader& reader) {
  skipVuiHead(reader);
  const bool nalHrd = reader.flag();
  if (nalHrd) skipHrd(reader);
  const bool vclHrd = reader.flag();
  if (vclHrd) skipHrd(reader);
  if (nalHrd || vclHrd) (void)reader.flag();  // low_delay_hrd_flag
  (void)reader.flag();                        // pic_struct_present_flag
  if (!reader.flag()) return std::nullopt;    // bitstream_restriction_flag
  (void)reader.flag();                        // motion_vectors_over_pic_boundaries_flag
  for (int i = 0; i < 4; ++i) (void)reader.ue();
  const std::uint32_t frames = reader.ue();
  if (!reader.ok() || frames > kMaxReorderFrames) return std::nullopt;
  return static_cast<int>(frames);
}

// The pictures' size in macroblocks, and how many lines one of them covers.
struct Frame {
  int width = 0;  // pixels
  int height = 0;
  int fieldFactor = 1;  // 2 if it may be interlaced
};

std::optional<Frame> readFrame(BitReader& reader) {
  const std::uint32_t width = reader.ue();
  const std::uint32_t height = reader.ue();
  const bool framesOnly = reader.flag();
  if (!framesOnly) (void)reader.flag();  // mb_adaptive_frame_field_flag
  (void)reader.flag();                   // direct_8x8_inference_flag
  if (!reader.ok() || width >= kMaxMacroblocks || height >= kMaxMacroblocks) return std::nullopt;
  const int factor = framesOnly ? 1 : 2;
  return Frame{(static_cast<int>(width) + 1) * kMacroblock,
               (static_cast<int>(height) + 1) * kMacroblock * factor, factor};
}

// Equations 7-19 to 7-22.
bool crop(BitReader& reader, std::uint32_t chroma, const Frame& frame, Sps& sps) {
  sps.width = frame.width;
  sps.height = frame.height;
  if (!reader.flag()) return reader.ok();
  const std::int64_t unitX = chroma == 1 || chroma == 2 ? 2 : 1;
  const std::int64_t unitY = std::int64_t{chroma == 1 ? 2 : 1} * frame.fieldFactor;
  const std::int64_t left = reader.ue();
  const std::int64_t right = reader.ue();
  const std::int64_t top = reader.ue();
  const std::int64_t bottom = reader.ue();
  const std::int64_t width = frame.width - unitX * (left + right);
  const std::int64_t height = frame.height - unitY * (top + bottom);
  if (!reader.ok() || width <= 0 || height <= 0) return false;
  sps.width = static_cast<int>(width);
  sps.height = static_cast<int>(height);
  return true;
}

}  // namespace

std::optional<Sps> parseSps(Bytes nal) {
  if (nal.size() < 4 || static_cast<NalType>(nal[0] & 31U) != NalType::kSps) return std::nullopt;
  BitReader reader(nal.subspan(1));
  Sps sps;
  sps.profile = static_cast<int>(reader.bits(8));
  (void)reader.bits(8);  // constraints
  sps.level = static_cast<int>(reader.bits(8));
  (void)reader.ue();  // seq_parameter_set_id
  const std::uint32_t chroma = hasChromaFormat(sps.profile) ? readChroma(reader, sps) : 1;
  (void)reader.ue();  // log2_max_frame_num_minus4
  skipPictureOrder(reader);
  (void)reader.ue();    // max_num_ref_frames
  (void)reader.flag();  // gaps_in_frame_num_value_allowed_flag
  const auto frame = readFrame(reader);
  if (!frame || !crop(reader, chroma, *frame, sps)) return std::nullopt;
  if (reader.flag()) sps.maxReorderFrames = readReorderFrames(reader);
  return sps;
}

}  // namespace rtcpub::h264
