#pragma once

/// Marks what librtcpub shows to its users; everything else is hidden.
#define RTCPUB_EXPORT __attribute__((visibility("default")))
