#pragma once

#include <memory>

#include "api/task_queue/task_queue_factory.h"

namespace rtcpub::peer {

/// libwebrtc's task queues, with encoding and decoding at ordinary priority.
///
/// Where a program may (as root, say), libwebrtc runs all its queues with a real-time priority, but
/// not its network thread nor anything of ours: a command that arrives while a picture is encoded
/// would wait for the end of that, 6 ms for a 720p picture.
std::unique_ptr<webrtc::TaskQueueFactory> makeTaskQueues();

}  // namespace rtcpub::peer
