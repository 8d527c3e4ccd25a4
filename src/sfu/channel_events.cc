#include "sfu/channel_events.h"

#include <functional>

namespace rtcpub::sfu {
namespace {

template <class... Arguments>
std::function<void(Arguments...)> orNothing(const std::function<void(Arguments...)>& event) {
  if (event) return event;
  return [](const Arguments&...) {};
}

}  // namespace

Channel::Events channelEvents(const MediaServerEvents& events) {
  return {.codecs = orNothing(events.codecs),
          .refused = orNothing(events.refused),
          .notDriver = orNothing(events.notDriver),
          .lease = orNothing(events.lease),
          .drives = orNothing(events.drives),
          .silent = orNothing(events.silent),
          .emergency = orNothing(events.emergency)};
}

}  // namespace rtcpub::sfu
