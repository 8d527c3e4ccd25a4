#pragma once

namespace rtcpub {

/// A deleter of what a C library gives out: it calls the function that the library names for that.
template <auto kFree>
struct FreedBy {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};

}  // namespace rtcpub
