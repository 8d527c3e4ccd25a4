#include "core/control/lease.h"

namespace rtcpub::control {

std::string_view code(Refusal refusal) {
  switch (refusal) {
    case Refusal::kNoRight:
      return "no-right";
    case Refusal::kNotAdmin:
      return "not-admin";
    case Refusal::kNoPublisher:
      return "no-publisher";
    case Refusal::kBusy:
      return "busy";
    case Refusal::kDeclined:
      return "declined";
    case Refusal::kNoAnswer:
      return "no-answer";
    case Refusal::kTaken:
      return "taken";
    case Refusal::kNotDriver:
      break;
  }
  return "not-driver";
}

std::string_view sentence(Refusal refusal) {
  switch (refusal) {
    case Refusal::kNoRight:
      return "driving takes the right to drive";
    case Refusal::kNotAdmin:
      return "that takes the right admin: ending an emergency stop, or taking control from whoever "
             "drives";
    case Refusal::kNoPublisher:
      return "there is no robot in this channel";
    case Refusal::kBusy:
      return "somebody else is asking for control already";
    case Refusal::kDeclined:
      return "whoever drives has declined";
    case Refusal::kNoAnswer:
      return "whoever drives has not answered within 10 s";
    case Refusal::kTaken:
      return "an older program drives, which can't be asked; it has not stopped within 10 s";
    case Refusal::kNotDriver:
      break;
  }
  return "somebody else drives";
}

Lease::Refusals Lease::request(std::uint64_t member, Rights rights, bool takeOver, Time now) {
  if (const auto why = objection(rights)) return {{member, *why}};
  if (state_.driver == member && !state_.implicit) return {};
  // One that drove as old programs do counts its commands anew from now on.
  const bool another = state_.driver && state_.driver != member;
  if (another && takeOver && !rights.has(Right::kAdmin)) return {{member, Refusal::kNotAdmin}};
  if (!another || takeOver) {
    give(member, false);
    return {};
  }
  if (state_.asking == member) return {};
  if (state_.asking) return {{member, Refusal::kBusy}};
  state_.asking = member;
  answerBy_ = now + kAnswerTime;
  return {};
}

Lease::Refusals Lease::requestImplicitly(std::uint64_t member, Rights rights) {
  if (const auto why = objection(rights)) return {{member, *why}};
  if (state_.driver == member) return {};
  if (state_.driver) return {{member, Refusal::kNotDriver}};
  give(member, true);
  return {};
}

Lease::Refusals Lease::release(std::uint64_t member) {
  if (state_.driver == member) {
    fall();
  } else if (state_.asking == member) {
    stopAsking();
  }
  return {};
}

Lease::Refusals Lease::reply(std::uint64_t member, std::uint64_t to, bool give) {
  if (state_.driver != member) return {{member, Refusal::kNotDriver}};
  if (state_.asking != to) return {};  // it asks no more
  if (give) {
    fall();
    return {};
  }
  stopAsking();
  return {{to, Refusal::kDeclined}};
}

Lease::Refusals Lease::onRights(std::uint64_t member, Rights rights) {
  if (rights.has(Right::kDrive)) return {};
  const bool asks = state_.asking == member;
  (void)release(member);
  if (asks) return {{member, Refusal::kNoRight}};
  return {};
}

Lease::Refusals Lease::onSilent(std::uint64_t number) {
  if (number != 0 && number == state_.number) fall();
  return {};
}

Lease::Refusals Lease::onPublisher(bool present) {
  publisher_ = present;
  const auto asking = state_.asking;
  if (!present) stopAsking();
  if (state_.driver) fall();
  if (!present && asking) return {{*asking, Refusal::kNoPublisher}};
  return {};
}

Lease::Refusals Lease::onTime(Time now) {
  if (!answerBy_ || *answerBy_ > now) return {};
  const Refused refused{*state_.asking, state_.implicit ? Refusal::kTaken : Refusal::kNoAnswer};
  stopAsking();
  return {refused};
}

std::optional<Refusal> Lease::objection(Rights rights) const {
  if (!rights.has(Right::kDrive)) return Refusal::kNoRight;
  if (!publisher_) return Refusal::kNoPublisher;
  return std::nullopt;
}

void Lease::give(std::uint64_t member, bool implicit) {
  if (state_.asking == member) stopAsking();
  state_.number = ++last_;
  state_.driver = member;
  state_.implicit = implicit;
}

void Lease::stopAsking() {
  state_.asking.reset();
  answerBy_.reset();
}

void Lease::fall() {
  if (state_.asking) return give(*state_.asking, false);
  state_ = {};
  answerBy_.reset();
}

}  // namespace rtcpub::control
