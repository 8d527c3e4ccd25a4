#include "metrics/exposition.h"

#include <prometheus/check_names.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <cassert>
#include <cmath>
#include <limits>

#include "core/text/text.h"

namespace rtcpub::metrics {
namespace {

double secondsOf(std::chrono::microseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

std::vector<prometheus::ClientMetric::Label> convert(const Labels& labels) {
  std::vector<prometheus::ClientMetric::Label> converted;
  converted.reserve(labels.size());
  for (const auto& [name, value] : labels) {
    assert(prometheus::CheckLabelName(name));
    converted.push_back({name, text::isUtf8(value) ? value : text::printable(value, value.size())});
  }
  return converted;
}

}  // namespace

class Exposition::Impl {
 public:
  Family add(const std::string& name, const std::string& help, prometheus::MetricType type) {
    assert(prometheus::CheckMetricName(name));
    assert(help.find_first_of("\n\\") == std::string::npos);
    families.push_back({name, help, type, {}});
    return {*this, families.size() - 1};
  }

  std::vector<prometheus::MetricFamily> families;
};

void Exposition::Family::add(double value, const Labels& labels) {
  if (!std::isfinite(value)) return;
  auto& family = page_.families[index_];
  auto& metric = family.metric.emplace_back();
  metric.label = convert(labels);
  if (family.type == prometheus::MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
}

void Exposition::Family::add(const DurationHistogram& histogram, const Labels& labels) {
  auto& metric = page_.families[index_].metric.emplace_back();
  metric.label = convert(labels);
  auto& out = metric.histogram;
  for (std::size_t i = 0; i < DurationHistogram::kBounds.size(); ++i) {
    out.bucket.push_back({histogram.upTo(i), secondsOf(DurationHistogram::kBounds[i])});
  }
  out.bucket.push_back({histogram.count(), std::numeric_limits<double>::infinity()});
  out.sample_count = histogram.count();
  out.sample_sum = secondsOf(histogram.sum());
}

Exposition::Exposition() : impl_(std::make_unique<Impl>()) {}
Exposition::~Exposition() = default;
Exposition::Exposition(Exposition&&) noexcept = default;
Exposition& Exposition::operator=(Exposition&&) noexcept = default;

Exposition::Family Exposition::counter(const std::string& name, const std::string& help) {
  return impl_->add(name, help, prometheus::MetricType::Counter);
}

Exposition::Family Exposition::gauge(const std::string& name, const std::string& help) {
  return impl_->add(name, help, prometheus::MetricType::Gauge);
}

Exposition::Family Exposition::histogram(const std::string& name, const std::string& help) {
  return impl_->add(name, help, prometheus::MetricType::Histogram);
}

std::string Exposition::text() const {
  return prometheus::TextSerializer().Serialize(impl_->families);
}

}  // namespace rtcpub::metrics
