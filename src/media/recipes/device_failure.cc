#include "media/recipes/device_failure.h"

#include <cerrno>
#include <system_error>

#include "media/recipes/v4l2_cameras.h"

namespace rtcpub::media {

namespace {

// Some elements say it in their details only.
bool says(const Failure& failure, int errorNumber) {
  return failure.detail.find(std::generic_category().message(errorNumber)) != std::string::npos;
}

}  // namespace

Error explainDevice(const std::string& subject, const Failure& failure) {
  if (says(failure, EACCES) || says(failure, EPERM) ||
      failure.is(GST_RESOURCE_ERROR_NOT_AUTHORIZED)) {
    return {ErrorCode::kIo,
            subject + " can't be opened: no permission; add the user to the group \"video\""};
  }
  if (failure.is(GST_RESOURCE_ERROR_BUSY) || says(failure, EBUSY)) {
    return {ErrorCode::kIo, subject + " is busy: another program uses it"};
  }
  if (failure.is(GST_RESOURCE_ERROR_NOT_FOUND) || says(failure, ENOENT) || says(failure, ENODEV)) {
    return {ErrorCode::kNotFound, subject + " isn't there (" + failure.text + ")"};
  }
  return {ErrorCode::kIo, subject + " can't be played: " + failure.text};
}

Error explainV4l2(const std::string& subject, const std::string& device, const Failure& failure) {
  Error error = explainDevice(subject, failure);
  if (error.code != ErrorCode::kNotFound) return error;
  error.message = "There is no camera " + device + "; " + describe(listV4l2Cameras());
  return error;
}

}  // namespace rtcpub::media
