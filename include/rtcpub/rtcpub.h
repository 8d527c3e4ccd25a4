#pragma once

/// Everything of the public API.
#include "rtcpub/clock.h"
#include "rtcpub/codec.h"
#include "rtcpub/connection.h"
#include "rtcpub/data_channel.h"
#include "rtcpub/log.h"
#include "rtcpub/message.h"
#include "rtcpub/publisher.h"
#include "rtcpub/result.h"
#include "rtcpub/server.h"
#include "rtcpub/state.h"
#include "rtcpub/stats.h"
#include "rtcpub/subscriber.h"
#include "rtcpub/subscription.h"
#include "rtcpub/video_frame.h"
#include "rtcpub/video_source.h"
