#pragma once

#include "element.h"

/// What is registered, by vendor.
namespace rtcpub::fake {

ElementSpec v4l2Source();
ElementSpec argusSource();
ElementSpec libcameraSource();
ElementSpec nvidiaConverter();
ElementSpec nvidiaEncoder();
ElementSpec v4l2Encoder();
ElementSpec vaEncoder();
ElementSpec vaapiEncoder();
ElementSpec nvencEncoder();
ElementSpec qsvEncoder();

bool registerDeviceProviders(GstPlugin* plugin);

}  // namespace rtcpub::fake
