#pragma once

#include <cstdlib>
#include <string>
#include <utility>

namespace rtcpub::media {

/// Sets a variable of the environment for as long as it lives: what tests/gst_plugin reads.
class Variable {
 public:
  Variable(std::string name, const std::string& value) : name_(std::move(name)) {
    setenv(name_.c_str(), value.c_str(), 1);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { unsetenv(name_.c_str()); }

 private:
  const std::string name_;
};

}  // namespace rtcpub::media
