#include "metrics/exposition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace rtcpub::metrics {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Exposition, WritesHelpTypeAndFigures) {
  Exposition page;
  page.counter("rtcpub_packets_total", "Packets.").add(12);
  auto members = page.gauge("rtcpub_members", "Members.");
  members.add(1, {{"kind", "publisher"}});
  members.add(2.5, {{"kind", "viewer"}, {"channel", "car-1"}});
  EXPECT_EQ(page.text(),
            "# HELP rtcpub_packets_total Packets.\n"
            "# TYPE rtcpub_packets_total counter\n"
            "rtcpub_packets_total 12\n"
            "# HELP rtcpub_members Members.\n"
            "# TYPE rtcpub_members gauge\n"
            "rtcpub_members{kind=\"publisher\"} 1\n"
            "rtcpub_members{kind=\"viewer\",channel=\"car-1\"} 2.5\n");
}

TEST(Exposition, NamesAFamilyWithoutFigures) {
  Exposition page;
  (void)page.counter("rtcpub_packets_total", "Packets.");
  EXPECT_EQ(page.text(),
            "# HELP rtcpub_packets_total Packets.\n# TYPE rtcpub_packets_total counter\n");
}

TEST(Exposition, LeavesOutWhatIsNotFinite) {
  Exposition page;
  auto ratio = page.gauge("rtcpub_ratio", "A ratio.");
  ratio.add(std::numeric_limits<double>::quiet_NaN());
  ratio.add(std::numeric_limits<double>::infinity());
  ratio.add(-std::numeric_limits<double>::infinity());
  ratio.add(0.0 * std::numeric_limits<double>::infinity());
  EXPECT_EQ(page.text(), "# HELP rtcpub_ratio A ratio.\n# TYPE rtcpub_ratio gauge\n");
  ratio.add(0.5);
  EXPECT_THAT(page.text(), HasSubstr("rtcpub_ratio 0.5\n"));
}

TEST(Exposition, WritesLargeCountsWhole) {
  Exposition page;
  page.counter("rtcpub_bytes_total", "Bytes.").add(static_cast<double>(std::uint64_t{1} << 50));
  EXPECT_THAT(page.text(), HasSubstr("rtcpub_bytes_total 1125899906842624\n"));
}

TEST(Exposition, EscapesLabels) {
  Exposition page;
  page.gauge("rtcpub_members", "Members.").add(1, {{"channel", "a\"b\\c\nd\u00e9"}});
  EXPECT_THAT(page.text(), HasSubstr("rtcpub_members{channel=\"a\\\"b\\\\c\\nd\u00e9\"} 1\n"));
}

TEST(Exposition, MakesALabelThatIsNoUtf8Printable) {
  Exposition page;
  page.gauge("rtcpub_members", "Members.").add(1, {{"channel", "car\xff\xfe"}});
  EXPECT_THAT(page.text(), HasSubstr("rtcpub_members{channel=\"car??\"} 1\n"));
}

TEST(Exposition, WritesAHistogramWithAllItsBuckets) {
  DurationHistogram lag;
  lag.observe(std::chrono::microseconds(500));
  lag.observe(std::chrono::milliseconds(30));
  lag.observe(std::chrono::seconds(20));
  Exposition page;
  page.histogram("rtcpub_loop_lag_seconds", "Lag.").add(lag, {{"loop", "media"}});
  const std::string text = page.text();
  EXPECT_THAT(text, HasSubstr("# TYPE rtcpub_loop_lag_seconds histogram\n"));
  EXPECT_THAT(text, HasSubstr("rtcpub_loop_lag_seconds_count{loop=\"media\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("rtcpub_loop_lag_seconds_sum{loop=\"media\"} 20.0305\n"));
  EXPECT_THAT(text, HasSubstr("rtcpub_loop_lag_seconds_bucket{loop=\"media\",le=\"0.001\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("rtcpub_loop_lag_seconds_bucket{loop=\"media\",le=\"0.025\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("rtcpub_loop_lag_seconds_bucket{loop=\"media\",le=\"0.05\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("rtcpub_loop_lag_seconds_bucket{loop=\"media\",le=\"5\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("rtcpub_loop_lag_seconds_bucket{loop=\"media\",le=\"+Inf\"} 3\n"));
  EXPECT_THAT(text, Not(HasSubstr("Nan")));
}

TEST(Exposition, AnEmptyHistogramIsZeroes) {
  Exposition page;
  page.histogram("rtcpub_loop_lag_seconds", "Lag.").add(DurationHistogram());
  EXPECT_THAT(page.text(), HasSubstr("rtcpub_loop_lag_seconds_sum 0\n"));
}

}  // namespace
}  // namespace rtcpub::metrics
