#pragma once

#include <string>

#include "core/codec_report.h"
#include "core/hub/hub.h"

namespace rtcpub {

/// A way into the server, as the hub sees it: how the members that came by it are told things.
/// Nothing happens to those that can't be told now. Runs on: the signalling loop.
class Door {
 public:
  virtual ~Door() = default;
  virtual void tell(MemberId member, const Attendance& who) = 0;
  virtual void tell(MemberId member, const CodecReport& report) = 0;
  /// What it says on data channels isn't passed on, as on this one, since it has no right to it.
  virtual void tellRefused(MemberId member, const std::string& label) = 0;
  /// What it says isn't passed on, since it doesn't drive.
  virtual void tellRefused(MemberId member, control::Refusal why) = 0;
  /// Who drives in its channel; nothing: nobody.
  virtual void tell(MemberId member, const std::optional<Driver>& driver, bool emergency) = 0;
  /// It is out, and has to go.
  virtual void dismiss(MemberId member, const Farewell& why) = 0;
  /// It is out, since it closed its transport itself: it may begin anew.
  virtual void onMediaClosed(MemberId member) = 0;
};

}  // namespace rtcpub
