#pragma once

#include <string>

#include "media/gst/gst_messages.h"
#include "rtcpub/result.h"

namespace rtcpub::media {

/// Why a camera doesn't work, in a sentence that begins with the subject.
Error explainDevice(const std::string& subject, const Failure& failure);

/// The same of Video4Linux; of one that isn't there it says which are.
Error explainV4l2(const std::string& subject, const std::string& device, const Failure& failure);

}  // namespace rtcpub::media
