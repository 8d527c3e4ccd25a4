#include "rtcpub/control.h"

#include <utility>

#include "app/client/control_gate.h"
#include "app/client/driver_control.h"

namespace rtcpub {

ControlOutput Control::output() const { return impl_->output(); }
Subscription<ControlOutput> Control::outputs() { return impl_->outputs(); }
Subscription<ControlEvent> Control::events() { return impl_->events(); }
Subscription<ControlEvent> Control::journal() { return impl_->journal(); }
ControlStats Control::stats() const { return impl_->stats(); }
void Control::stop(const std::string& why) { impl_->stop(why); }
void Control::clear() { impl_->clear(); }
void Control::setReady(bool ready, const std::string& why) { impl_->setReady(ready, why); }

void DriverControl::request() { impl_->request(/*takeOver=*/false); }
void DriverControl::takeOver() { impl_->request(/*takeOver=*/true); }
void DriverControl::release() { impl_->release(); }
void DriverControl::answer(bool give) { impl_->answer(give); }
Result<void> DriverControl::command(Axes axes, const CommandOptions& options) {
  return impl_->command(std::move(axes), options);
}
void DriverControl::emergencyStop(const std::string& why) { impl_->emergencyStop(why); }
void DriverControl::clear() { impl_->clear(); }
DriveState DriverControl::state() const { return impl_->state(); }
Subscription<DriveState> DriverControl::states() { return impl_->states(); }

}  // namespace rtcpub
