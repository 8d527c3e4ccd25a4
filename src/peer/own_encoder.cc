#include "peer/own_encoder.h"

#include <utility>

#include "log/log.h"
#include "peer/encoded_image.h"
#include "peer/video_buffers.h"

namespace rtcpub::peer {

bool OwnEncoder::open(const EncoderSettings& settings) {
  encoder_.reset();  // a device serves one at a time
  settings_ = settings;
  bitrateKbps_ = settings.bitrateKbps;
  frameRate_ = FrameRateMeter(settings.fps);
  return openNext();
}

bool OwnEncoder::openNext() {
  if (!encoding_.encoders) return false;
  {
    const std::lock_guard lock(mutex_);
    pending_.clear();
  }
  auto opened = encoding_.encoders->open(
      settings_, [this](const EncodedFrame& encoded) { onEncoded(encoded); });
  if (!opened) return false;
  encoder_ = std::move(*opened);
  log().info("{} encodes {}x{}", encoder_->name(), settings_.width, settings_.height);
  return true;
}

bool OwnEncoder::retryDue() const {
  return encoding_.encoders && encoding_.encoders->retryDue(encoder_ ? encoder_->name() : "");
}

bool OwnEncoder::giveWay() {
  if (!encoder_ || !retryDue()) return false;
  auto opened = encoding_.encoders->open(
      settings_, [this](const EncodedFrame& encoded) { onEncoded(encoded); });
  if (!opened || (*opened)->name() == encoder_->name()) return false;
  log().info("{}, which had failed, is tried again in place of {}", (*opened)->name(),
             encoder_->name());
  encoder_ = std::move(*opened);
  return true;
}

bool OwnEncoder::encode(const webrtc::VideoFrame& frame, bool keyFrame) {
  const auto picture = viewOf(frame);
  frameRate_.onFrame(picture.time);
  keyFrame |= std::exchange(keyFrameOwed_, false);
  keyFrame |= giveWay();
  while (encoder_) {
    expect({picture.time, frame.timestamp()});
    encoder_->setRates(bitrateKbps_, frameRate_.fps());
    const auto taken = encoder_->encode(picture, keyFrame);
    if (taken) {
      keyFrameOwed_ = keyFrame && !*taken;
      return true;
    }
    log().warn("{}; another encoder takes over", taken.error().message);
    encoding_.encoders->exclude(encoder_->name());
    encoder_.reset();
    (void)openNext();
    keyFrame = true;
  }
  return false;
}

void OwnEncoder::expect(const Pending& picture) {
  const std::lock_guard lock(mutex_);
  pending_.push_back(picture);
}

void OwnEncoder::setBitrate(int kbps) { bitrateKbps_ = kbps; }

void OwnEncoder::onEncoded(const EncodedFrame& encoded) {
  std::uint32_t rtpTimestamp = 0;
  {
    const std::lock_guard lock(mutex_);
    // Those in front were left out by the encoder.
    while (!pending_.empty() && pending_.front().time < encoded.time) pending_.pop_front();
    if (pending_.empty() || pending_.front().time != encoded.time) return;
    rtpTimestamp = pending_.front().rtpTimestamp;
    pending_.pop_front();
  }
  const auto info = codecInfo(encoded);
  output_->OnEncodedImage(toEngine(encoded, rtpTimestamp), &info);
}

}  // namespace rtcpub::peer
