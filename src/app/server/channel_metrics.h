#pragma once

#include "core/hub/hub.h"
#include "metrics/exposition.h"
#include "sfu/media_server.h"

namespace rtcpub {

/// What passes, in all (`rtcpub_…`) and by channel (`rtcpub_channel_…{channel="…"}`): two names, so
/// that a sum over one of them counts nothing twice. Members are no labels: there is no end to
/// them.
void addTrafficMetrics(metrics::Exposition& page, const sfu::MediaStats& media);

/// Who is there, and how well their paths do, likewise.
void addMemberMetrics(metrics::Exposition& page, const Hub& hub, const sfu::MediaStats& media);

}  // namespace rtcpub
