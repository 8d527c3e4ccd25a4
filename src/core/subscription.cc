#include "rtcpub/subscription.h"

#include "core/inbox.h"
#include "rtcpub/control.h"
#include "rtcpub/message.h"
#include "rtcpub/simulated_car.h"
#include "rtcpub/state.h"
#include "rtcpub/video_frame.h"

namespace rtcpub {

template <class T>
std::optional<T> Subscription<T>::get(const std::stop_token& stop) {
  return inbox_->get(stop);
}

template <class T>
std::optional<T> Subscription<T>::getFor(std::chrono::nanoseconds timeout) {
  return inbox_->getFor(timeout);
}

template <class T>
std::optional<T> Subscription<T>::tryGet() {
  return inbox_->tryGet();
}

template <class T>
std::uint64_t Subscription<T>::dropped() const {
  return inbox_->dropped();
}

template class RTCPUB_EXPORT Subscription<Message>;
template class RTCPUB_EXPORT Subscription<VideoFrame>;
template class RTCPUB_EXPORT Subscription<StateChange>;
template class RTCPUB_EXPORT Subscription<int>;
template class RTCPUB_EXPORT Subscription<ControlOutput>;
template class RTCPUB_EXPORT Subscription<ControlEvent>;
template class RTCPUB_EXPORT Subscription<DriveState>;
template class RTCPUB_EXPORT Subscription<Lap>;

}  // namespace rtcpub
