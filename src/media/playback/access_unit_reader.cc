#include "media/playback/access_unit_reader.h"

#include <memory>
#include <utility>

#include "core/h264/h264.h"
#include "media/gst/mapped_buffer.h"
#include "media/playback/form_scan.h"

namespace rtcpub::media {

AccessUnitReader::Unit AccessUnitReader::read(GstSample* sample, Time time) {
  GstBuffer* buffer = gst_sample_get_buffer(sample);
  if (buffer == nullptr) return {};
  const auto mapping = std::make_shared<MappedBuffer>(buffer);
  const h264::AccessUnit unit = h264::inspect(mapping->bytes());
  if (!unit.picture) return {};
  if (auto misfit = misfitOf(unit)) return {.picture = std::nullopt, .misfit = std::move(misfit)};
  const bool behindGap = GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DISCONT) != FALSE;
  // Later ones are whole behind a gap, too: the depayloader sees to it once there was a key frame.
  const bool doubtful = std::exchange(seen_, true) && !began_ && behindGap;
  const bool keyFrame = unit.idr && unit.sps && unit.pps && !unit.cutOff && !doubtful;
  began_ = began_ || keyFrame;
  const bool gap = !waiting_ && !keyFrame && (unit.cutOff || behindGap);
  waiting_ = (waiting_ || gap) && !keyFrame;
  if (waiting_) return {.picture = std::nullopt, .misfit = std::nullopt, .gap = gap};
  if (unit.sps) {
    width_ = unit.sps->width;
    height_ = unit.sps->height;
  }
  return {.picture = EncodedFrame{.codec = VideoCodec::kH264,
                                  .data = mapping->bytes().data(),
                                  .size = mapping->bytes().size(),
                                  .keyFrame = keyFrame,
                                  .width = width_,
                                  .height = height_,
                                  .time = time,
                                  .owner = mapping},
          .misfit = std::nullopt};
}

}  // namespace rtcpub::media
