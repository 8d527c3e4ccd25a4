#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/hub/hub.h"

/// Memberships, and actions as text.
namespace rtcpub::hub_test {

inline Membership robot(std::string channel = "x", NetworkKey network = {}) {
  return {.channel = std::move(channel), .rights = Right::kPublish, .network = network};
}

inline Membership viewer(std::string channel = "x", Rights rights = {Right::kView, Right::kDrive}) {
  return {.channel = std::move(channel), .rights = rights};
}

struct Writer {
  std::string operator()(const Hub::StampChannel& stamp) const {
    return stamp.channel + ": " + (stamp.publisher ? std::to_string(*stamp.publisher) : "nobody") +
           " publishes" + opened(stamp.openLabels);
  }
  std::string operator()(const Hub::StampHeir& stamp) const {
    return stamp.channel + ": " + std::to_string(stamp.heir) + " is heir" +
           opened(stamp.openLabels);
  }
  std::string operator()(const Hub::StampRights& stamp) const {
    return std::to_string(stamp.member) + " may " + format(stamp.rights);
  }
  std::string operator()(const Hub::Evict& evict) const {
    return std::to_string(evict.member) + " goes: " + evict.why.code;
  }
  std::string operator()(const Hub::Notify& notify) const {
    return std::to_string(notify.to) + " <- " + notify.who.channel + " " +
           std::to_string(notify.who.publishers) + "/" + std::to_string(notify.who.viewers) +
           opened(notify.who.openLabels);
  }
  std::string operator()(const Hub::NotifyCodecs& notify) const {
    return std::to_string(notify.to) + " <- sent " + notify.report.sent;
  }
  std::string operator()(const Hub::StampDriver& action) const {
    const auto& stamp = action.stamp;
    std::string text = action.channel + ": " + nameOf(stamp.driver) + " drives";
    if (stamp.driver) text += " by " + std::to_string(stamp.lease);
    if (stamp.implicit) text += " (old)";
    if (stamp.asking) text += ", " + nameOf(stamp.asking) + " asks";
    return text;
  }
  std::string operator()(const Hub::RefuseDrive& refuse) const {
    return std::to_string(refuse.to) + " <- refused " + std::string(control::code(refuse.why)) +
           (refuse.implicitly ? " (old)" : "");
  }
  std::string operator()(const Hub::NotifyDriver& notify) const {
    return std::to_string(notify.to) + " <- " + nameOf(notify.driver) + " drives" +
           (notify.emergency ? ", stopped" : "");
  }
  static std::string nameOf(const std::optional<Driver>& driver) {
    return driver ? std::to_string(driver->id) : "nobody";
  }
  static std::string opened(const std::vector<std::string>& openLabels) {
    std::string text;
    for (const auto& label : openLabels) text += " +" + label;
    return text;
  }
};

/// "x: 1 publishes", "x: 2 is heir", "2 may view", "1 goes: replaced", "2 <- x 1/3" (a publisher
/// and three viewers), "2 <- sent VP8", "x: 2 drives by 1, 3 asks", "x: 2 drives by 1 (old)",
/// "x: nobody drives", "3 <- refused busy", "1 <- 2 drives", "1 <- nobody drives, stopped".
inline std::string textOf(const Hub::Action& action) { return std::visit(Writer{}, action); }

inline std::vector<std::string> texts(const Hub::Actions& actions) {
  std::vector<std::string> texts;
  texts.reserve(actions.size());
  for (const auto& action : actions) texts.push_back(textOf(action));
  return texts;
}

/// "x 1/2" of each channel.
inline std::vector<std::string> channelsOf(const Hub& hub) {
  std::vector<std::string> texts;
  for (const auto& channel : hub.channels()) {
    texts.push_back(channel.id + (channel.publisher ? " 1/" : " 0/") +
                    std::to_string(channel.viewers));
  }
  return texts;
}

}  // namespace rtcpub::hub_test
