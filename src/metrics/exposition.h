#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/measure/duration_histogram.h"

namespace rtcpub::metrics {

using Labels = std::vector<std::pair<std::string, std::string>>;

/// What the text is, as the header Content-Type says it.
inline constexpr const char* kContentType = "text/plain; version=0.0.4; charset=utf-8";

/// One page of figures in Prometheus's text format (version 0.0.4). Pure.
class Exposition {
 public:
  class Impl;

  /// All figures of one name. Valid as long as the page.
  class Family {
   public:
    /// What isn't finite is left out: it says nothing, and spoils every sum that it gets into.
    /// A label's value that is no UTF-8 is made printable, since Prometheus refuses the whole page
    /// for it.
    void add(double value, const Labels& labels = {});
    /// Of a histogram.
    void add(const DurationHistogram& histogram, const Labels& labels = {});

   private:
    friend class Exposition;
    Family(Impl& page, std::size_t index) : page_(page), index_(index) {}
    Impl& page_;
    std::size_t index_;
  };

  Exposition();
  ~Exposition();
  Exposition(Exposition&&) noexcept;
  Exposition& operator=(Exposition&&) noexcept;

  /// Names and helps are constants of ours: a name as Prometheus allows it, a help of one line.
  Family counter(const std::string& name, const std::string& help);
  Family gauge(const std::string& name, const std::string& help);
  Family histogram(const std::string& name, const std::string& help);

  /// In the order in which the families were added. One without figures is named all the same.
  [[nodiscard]] std::string text() const;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace rtcpub::metrics
