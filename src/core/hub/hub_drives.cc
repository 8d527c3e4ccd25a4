// Who drives, as the hub has it from its leases.
#include <utility>

#include "core/hub/hub.h"

namespace rtcpub {

Hub::Actions Hub::onLeaseMessage(MemberId id, const control::LeaseMessageToServer& message,
                                 Time now) {
  const Member* member = find(id);
  if (member == nullptr || !member->views()) return {};
  drives_.onMessage(member->channel, id, member->rights, message, now);
  return withDrives({});
}

Hub::Actions Hub::onDrives(MemberId id) {
  const Member* member = find(id);
  if (member == nullptr || !member->views()) return {};
  drives_.onDrives(member->channel, id, member->rights);
  return withDrives({});
}

Hub::Actions Hub::onSilent(const std::string& channel, std::uint64_t lease) {
  drives_.onSilent(channel, lease);
  return withDrives({});
}

Hub::Actions Hub::onEmergency(const std::string& channel, bool inForce) {
  if (!channels_.contains(channel)) return {};
  drives_.onEmergency(channel, inForce);
  return withDrives({});
}

std::optional<Driver> Hub::driver(std::optional<MemberId> id) const {
  const Member* member = id ? find(*id) : nullptr;
  if (member == nullptr) return std::nullopt;
  return Driver{.id = *id, .name = control::forPeople(member->name, control::kMaxNameBytes)};
}

/// If there has been anything to tell.
void Hub::tellDriver(MemberId id, Actions& actions) const {
  const std::string& channel = members_.at(id).channel;
  if (!drives_.hasBegun(channel) || !isCounted(id, channels_.at(channel))) return;
  const auto drive = drives_.stateOf(channel);
  actions.emplace_back(NotifyDriver{id, driver(drive.lease.driver), drive.emergency});
}

void Hub::tellDrives(Actions& actions) {
  const auto changes = drives_.changes();
  for (const auto& [channel, before] : changes.channels) {
    const auto drive = drives_.stateOf(channel);
    if (drive.lease != before.lease) {
      actions.emplace_back(StampDriver{channel,
                                       {.lease = drive.lease.number,
                                        .driver = driver(drive.lease.driver),
                                        .implicit = drive.lease.implicit,
                                        .asking = driver(drive.lease.asking)}});
    }
    if (drive.lease.driver == before.lease.driver && drive.emergency == before.emergency) continue;
    for (const MemberId id : channels_.at(channel).members) tellDriver(id, actions);
  }
  for (const auto& [to, why, implicitly] : changes.refusals) {
    if (contains(to)) actions.emplace_back(RefuseDrive{to, why, implicitly});
  }
}

Hub::Actions Hub::withDrives(Actions actions) {
  tellDrives(actions);
  return actions;
}

}  // namespace rtcpub
