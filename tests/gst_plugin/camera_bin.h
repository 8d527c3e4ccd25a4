#pragma once

#include <optional>
#include <string>

#include "cameras.h"
#include "element.h"

namespace rtcpub::fake {

/// The inside of a camera's element: a live picture of the camera's colour with a white square in
/// its upper left corner, in the modes that the camera has and no other.
///
/// Runs on: as Behaviour.
class CameraBin : public Behaviour {
 public:
  CameraBin(GstElement* self, Api api) : self_(self), api_(api) {}
  ~CameraBin() override;

  Ends build(GstBin* bin) override;
  Fault::Open open() override;
  void close() override;
  Fault::Open start() override;
  void stop() override;

 protected:
  /// Whether the camera is the one that the properties name.
  [[nodiscard]] virtual bool isWanted(const Camera& camera) const = 0;
  [[nodiscard]] GstElement* self() const { return self_; }
  [[nodiscard]] GstElement* picture() const { return picture_; }

 private:
  [[nodiscard]] std::optional<Camera> findCamera() const;
  void encode(GstBin* bin, Coding coding);

  GstElement* const self_;
  const Api api_;
  GstElement* picture_ = nullptr;
  GstElement* modes_ = nullptr;   // raw
  GstElement* coder_ = nullptr;   // a bin that is filled when the camera is known
  GstElement* output_ = nullptr;  // the modes as they are given out
  std::optional<Camera> open_;
  bool acquired_ = false;
};

}  // namespace rtcpub::fake
