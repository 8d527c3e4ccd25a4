#include "sfu/router/repair_budget.h"

namespace rtcpub::sfu {
namespace {

constexpr std::chrono::milliseconds kWindow{300};
/// So few are repeated in any case.
constexpr std::size_t kFew = 8;

}  // namespace

void RepairBudget::onReceived(Time now) { add({.at = now, .missing = 0, .received = 1}); }

bool RepairBudget::onMissing(std::size_t packets, Time now) {
  add({.at = now, .missing = packets, .received = 0});
  // At the rate at which packets arrive the missing ones take missing / received windows.
  if (missing_ <= kFew || missing_ * kWindow <= received_ * kKeyFrame) return true;
  *this = {};
  return false;
}

void RepairBudget::add(const Event& event) {
  window_.push_back(event);
  missing_ += event.missing;
  received_ += event.received;
  while (window_.front().at + kWindow <= event.at) {
    missing_ -= window_.front().missing;
    received_ -= window_.front().received;
    window_.pop_front();
  }
}

}  // namespace rtcpub::sfu
