#include "media/encoders/encoder_chain.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <mutex>
#include <utility>

#include "core/video/encoder_retries.h"
#include "log/log.h"
#include "media/encoders/encoder_candidates.h"
#include "media/encoders/gst_encoder.h"
#include "rtcpub/clock.h"

namespace rtcpub::media {

namespace {

struct EngineEncoder {
  std::string_view name;
  VideoCodec codec;
};
constexpr std::array<EngineEncoder, 3> kEngineEncoders{
    {{"openh264", VideoCodec::kH264}, {"libvpx", VideoCodec::kVp8}, {"libvpx", VideoCodec::kVp9}}};

// Small, so that trying an encoder costs little; some hardware takes nothing below this.
constexpr EncoderSettings kTrial{.width = 320, .height = 240};

const EncoderCandidate* findCandidate(const std::string& name) {
  const auto candidates = encoderCandidates();
  const auto found = std::find_if(candidates.begin(), candidates.end(),
                                  [&](const auto& candidate) { return candidate.element == name; });
  return found == candidates.end() ? nullptr : &*found;
}

bool isEngines(const std::string& name) {
  return std::any_of(kEngineEncoders.begin(), kEngineEncoders.end(),
                     [&](const auto& encoder) { return encoder.name == name; });
}

std::string knownNames() {
  std::string names;
  for (const auto& candidate : encoderCandidates()) names += std::string(candidate.element) + ", ";
  return names + "openh264 and libvpx";
}

Result<void> tryToOpen(const EncoderCandidate& candidate) {
  auto opened = GstEncoder::open(candidate, kTrial, [](const EncodedFrame&) {});
  return opened ? Result<void>{} : tl::unexpected(opened.error());
}

/// Runs on: any thread.
class Chain final : public VideoEncoders {
 public:
  explicit Chain(std::vector<const EncoderCandidate*> candidates)
      : candidates_(std::move(candidates)) {}

  Result<std::unique_ptr<VideoEncoder>> open(const EncoderSettings& settings,
                                             VideoEncoder::Output output) override {
    for (const auto* candidate : remaining(settings.codec)) {
      auto opened = GstEncoder::open(*candidate, settings, output);
      if (opened) return opened;
      log().debug("{}", opened.error().message);
      note(*candidate, opened.error());
    }
    return fail(ErrorCode::kNotFound, "no encoder is left but the engine's own");
  }

  void exclude(const std::string& name) override {
    const std::lock_guard lock(mutex_);
    retries_.onFailure(name, monotonicNow());
  }

  [[nodiscard]] bool retryDue(const std::string& current) const override {
    const std::lock_guard lock(mutex_);
    for (const auto* candidate : candidates_) {
      if (candidate->element == current) return false;
      if (retries_.mayTry(std::string(candidate->element), monotonicNow())) return true;
    }
    return false;
  }

 private:
  std::vector<const EncoderCandidate*> remaining(VideoCodec codec) {
    if (codec != VideoCodec::kH264) return {};
    const std::lock_guard lock(mutex_);
    std::vector<const EncoderCandidate*> left;
    std::copy_if(candidates_.begin(), candidates_.end(), std::back_inserter(left),
                 [this, now = monotonicNow()](const auto* candidate) {
                   return retries_.mayTry(std::string(candidate->element), now);
                 });
    return left;
  }

  void note(const EncoderCandidate& candidate, const Error& error) {
    const std::lock_guard lock(mutex_);
    const std::string name(candidate.element);
    if (error.code == ErrorCode::kNotFound) {
      retries_.forget(name);  // a machine without the element won't have it later
    } else {
      retries_.onFailure(name, monotonicNow());  // a device that is busy may be free then
    }
  }

  const std::vector<const EncoderCandidate*> candidates_;
  mutable std::mutex mutex_;
  EncoderRetries retries_;
};

}  // namespace

Result<std::shared_ptr<VideoEncoders>> makeEncoders(const std::string& only) {
  std::vector<const EncoderCandidate*> candidates;
  if (only.empty()) {
    for (const auto& candidate : encoderCandidates()) candidates.push_back(&candidate);
  } else if (const auto* candidate = findCandidate(only)) {
    if (auto opened = tryToOpen(*candidate); !opened) {
      return fail(ErrorCode::kNotFound, "the encoder " + only + " can't be used on this machine: " +
                                            opened.error().message);
    }
    candidates.push_back(candidate);
  } else if (!isEngines(only)) {
    return fail(ErrorCode::kNotFound,
                "there is no encoder '" + only + "': choose from " + knownNames());
  }
  return std::make_shared<Chain>(std::move(candidates));
}

std::optional<VideoCodec> codecOf(const std::string& encoder) {
  if (findCandidate(encoder) != nullptr) return VideoCodec::kH264;
  const auto* const found = std::find_if(kEngineEncoders.begin(), kEngineEncoders.end(),
                                         [&](const auto& known) { return known.name == encoder; });
  if (found == kEngineEncoders.end()) return std::nullopt;
  return found->codec;
}

std::vector<EncoderReport> probeEncoders() {
  std::vector<EncoderReport> reports;
  for (const auto& candidate : encoderCandidates()) {
    const auto opened = tryToOpen(candidate);
    reports.push_back({.name = std::string(candidate.element),
                       .codec = VideoCodec::kH264,
                       .hardware = candidate.hardware,
                       .available = opened.has_value(),
                       .why = opened ? "" : opened.error().message});
  }
  for (const auto& encoder : kEngineEncoders) {
    reports.push_back(
        {.name = std::string(encoder.name), .codec = encoder.codec, .available = true});
  }
  return reports;
}

}  // namespace rtcpub::media
