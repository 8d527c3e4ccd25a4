#include "media/playback/access_unit_reader.h"

#include <memory>

#include "core/h264.h"
#include "media/gst/mapped_buffer.h"

namespace rtcpub::media {

AccessUnitReader::Unit AccessUnitReader::read(GstSample* sample, Time time) {
  GstBuffer* buffer = gst_sample_get_buffer(sample);
  if (buffer == nullptr) return {};
  const auto mapping = std::make_shared<MappedBuffer>(buffer);
  const h264::AccessUnit unit = h264::inspect(mapping->bytes());
  if (!unit.picture) return {};
  if (unit.bSlices) return {.picture = std::nullopt, .bFrame = true};
  if (!unit.plain420) return {.picture = std::nullopt, .otherForm = true};
  const bool keyFrame = unit.idr && unit.sps && unit.pps;
  const bool gap =
      !waiting_ && !keyFrame && GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DISCONT);
  waiting_ = (waiting_ || gap) && !keyFrame;
  if (waiting_) return {.picture = std::nullopt, .gap = gap};
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
                                  .owner = mapping}};
}

}  // namespace rtcpub::media
