#include "core/hub/drives.h"

#include <algorithm>
#include <variant>

namespace rtcpub {

// --- What happens

void Drives::onPublisher(const std::string& channel, bool present) {
  refuse(touch(channel).lease.onPublisher(present));
}

void Drives::onGone(const std::string& channel, MemberId member) {
  if (drives_.contains(channel)) refuse(touch(channel).lease.onGone(member));
}

void Drives::onRights(const std::string& channel, MemberId member, Rights rights) {
  if (drives_.contains(channel)) refuse(touch(channel).lease.onRights(member, rights));
}

void Drives::forget(const std::string& channel) {
  const auto found = drives_.find(channel);
  if (found == drives_.end()) return;
  lastLease_ = std::max(lastLease_, found->second.lease.last());
  if (found->second.answerBy) due_.erase({*found->second.answerBy, channel});
  before_.erase(channel);
  drives_.erase(found);
}

void Drives::onMessage(const std::string& channel, MemberId member, Rights rights,
                       const control::LeaseMessageToServer& message, Time now) {
  auto& lease = touch(channel).lease;
  if (const auto* request = std::get_if<control::LeaseRequest>(&message)) {
    refuse(lease.request(member, rights, request->takeOver, now));
  } else if (std::holds_alternative<control::LeaseRelease>(message)) {
    refuse(lease.release(member));
  } else if (const auto* reply = std::get_if<control::LeaseReply>(&message)) {
    refuse(lease.reply(member, reply->to, reply->give));
  }
}

void Drives::onDrives(const std::string& channel, MemberId member, Rights rights) {
  refuse(touch(channel).lease.requestImplicitly(member, rights), true);
}

void Drives::onSilent(const std::string& channel, std::uint64_t lease) {
  if (drives_.contains(channel)) refuse(touch(channel).lease.onSilent(lease));
}

void Drives::onEmergency(const std::string& channel, bool inForce) {
  touch(channel).emergency = inForce;
}

std::optional<Time> Drives::deadline() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

void Drives::onTime(Time now) {
  while (!due_.empty() && due_.begin()->first <= now) {
    const std::string channel = due_.begin()->second;
    auto& drive = touch(channel);
    refuse(drive.lease.onTime(now));
    schedule(channel, drive);
  }
}

// --- What follows

Drives::Changes Drives::changes() {
  Changes changes{.channels = {}, .refusals = std::exchange(refusals_, {})};
  for (const auto& [channel, before] : std::exchange(before_, {})) {
    auto& drive = drives_.at(channel);
    schedule(channel, drive);
    if (drive.state() == before) continue;
    drive.begun = true;
    changes.channels.emplace_back(channel, before);
  }
  return changes;
}

Drives::State Drives::stateOf(std::string_view channel) const {
  const auto found = drives_.find(channel);
  return found == drives_.end() ? State{} : found->second.state();
}

bool Drives::hasBegun(std::string_view channel) const {
  const auto found = drives_.find(channel);
  return found != drives_.end() && found->second.begun;
}

// --- How it keeps them

Drives::Drive& Drives::touch(const std::string& channel) {
  const auto [at, isNew] = drives_.try_emplace(channel, Drive{.lease = control::Lease(lastLease_)});
  before_.try_emplace(channel, at->second.state());
  return at->second;
}

void Drives::refuse(const control::Lease::Refusals& refusals, bool implicitly) {
  for (const auto& [member, why] : refusals) refusals_.push_back({member, why, implicitly});
}

void Drives::schedule(const std::string& channel, Drive& drive) {
  const auto answerBy = drive.lease.deadline();
  if (drive.answerBy == answerBy) return;
  if (drive.answerBy) due_.erase({*drive.answerBy, channel});
  if (answerBy) due_.emplace(*answerBy, channel);
  drive.answerBy = answerBy;
}

}  // namespace rtcpub
