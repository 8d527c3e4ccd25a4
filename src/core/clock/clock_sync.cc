#include "core/clock/clock_sync.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace rtcpub::clock_sync {

namespace {

using Json = nlohmann::json;

/// Far more than three numbers take. It is read on the server's media thread.
constexpr std::size_t kMaxTextBytes = 512;
constexpr std::chrono::minutes kWindow{1};
// More samples than honest ones: a flood of replies takes no more memory.
constexpr std::size_t kMaxSamples = 128;
/// A smaller contradiction is no sign of a clock that was set.
constexpr std::int64_t kStepUs = 5'000;

/// By how much two ordinary clocks go apart in so much time: 100 parts in a million.
std::int64_t driftUs(Time::duration time) {
  return std::max<std::int64_t>(0, time.count()) / 10'000;
}

// Browsers count in fractions of a microsecond, so a fraction is allowed.
std::optional<std::int64_t> microseconds(const Json& message, const char* key) {
  constexpr double kLimit = 0x1p60;
  const auto found = message.find(key);
  if (found == message.end() || !found->is_number()) return std::nullopt;
  if (!(std::abs(found->get<double>()) < kLimit)) return std::nullopt;
  if (found->is_number_integer()) return found->get<std::int64_t>();
  return std::llround(found->get<double>());
}

tl::unexpected<Error> refuse(const std::string& what) {
  return fail(ErrorCode::kProtocol, std::string(kLabel) + ": " + what);
}

Result<std::variant<Request, Reply>> parseReply(const Json& message, std::int64_t t0Us) {
  Reply reply;
  reply.t0Us = t0Us;
  const auto t1Us = microseconds(message, "t1");
  if (!t1Us) return refuse("t1 is not a time in microseconds");
  reply.t1Us = *t1Us;
  const auto offset = message.find("publisher_offset");
  if (offset != message.end() && !offset->is_null()) {
    reply.publisherOffsetUs = microseconds(message, "publisher_offset");
    if (!reply.publisherOffsetUs) return refuse("publisher_offset is not in microseconds");
  }
  return reply;
}

}  // namespace

Result<std::variant<Request, Reply>> parse(std::string_view text) {
  if (text.size() > kMaxTextBytes) return refuse("the message is over 512 bytes long");
  const Json message = Json::parse(text, nullptr, false);
  if (!message.is_object()) return refuse("the message is not a JSON object");
  const auto t0Us = microseconds(message, "t0");
  if (!t0Us) return refuse("t0 is not a time in microseconds");
  if (!message.contains("t1")) return Request{*t0Us};
  return parseReply(message, *t0Us);
}

std::string format(const Request& request) { return Json{{"t0", request.t0Us}}.dump(); }

std::string format(const Reply& reply) {
  Json message{{"t0", reply.t0Us}, {"t1", reply.t1Us}, {"publisher_offset", nullptr}};
  if (reply.publisherOffsetUs) message["publisher_offset"] = *reply.publisherOffsetUs;
  return message.dump();
}

bool Estimator::add(const Reply& reply, Time now) {
  const std::int64_t t2Us = now.time_since_epoch().count();
  const std::int64_t oldestUs = t2Us - std::chrono::microseconds(kWindow).count();
  if (reply.t0Us > t2Us || reply.t0Us < oldestUs) return false;
  const std::int64_t roundTripUs = t2Us - reply.t0Us;
  const Sample sample{now, roundTripUs, reply.t1Us - (reply.t0Us + roundTripUs / 2)};
  while (!samples_.empty() && samples_.front().at + kWindow <= now) samples_.pop_front();
  const bool contradicts = isContradictedBy(sample);
  if (contradicts) samples_.clear();
  while (!samples_.empty() && samples_.back().roundTripUs >= roundTripUs) samples_.pop_back();
  if (samples_.size() < kMaxSamples) samples_.push_back(sample);
  return contradicts;
}

/// The truth is within half a round trip of each sample, on whichever way a packet waited. Where no
/// time is within both, one of the two clocks isn't what it was.
bool Estimator::isContradictedBy(const Sample& newer) const {
  return std::any_of(samples_.begin(), samples_.end(), [&](const Sample& older) {
    const std::int64_t apart = std::abs(newer.offsetUs - older.offsetUs);
    const std::int64_t halves = newer.roundTripUs / 2 + older.roundTripUs / 2;
    return newer.at < older.at || apart > halves + driftUs(newer.at - older.at) + kStepUs;
  });
}

const Estimator::Sample* Estimator::best(Time now) const {
  const auto found = std::find_if(samples_.begin(), samples_.end(), [now](const Sample& sample) {
    return sample.at + kWindow > now;
  });
  return found == samples_.end() ? nullptr : &*found;
}

std::optional<std::int64_t> Estimator::offsetUs(Time now) const {
  const auto* sample = best(now);
  return sample == nullptr ? std::nullopt : std::optional(sample->offsetUs);
}

std::optional<std::int64_t> Estimator::boundUs(Time now) const {
  const auto* sample = best(now);
  if (sample == nullptr) return std::nullopt;
  const auto since = now - sample->at + std::chrono::microseconds(sample->roundTripUs);
  return (sample->roundTripUs + 1) / 2 + driftUs(since);
}

}  // namespace rtcpub::clock_sync
