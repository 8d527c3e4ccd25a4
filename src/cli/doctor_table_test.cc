#include "cli/doctor_table.h"

#include <gtest/gtest.h>

namespace rtcpub::cli {
namespace {

TEST(DoctorTable, ShowsWhatWasFoundAndWhatToDo) {
  EXPECT_EQ(doctorRow({"tcp", CheckResult::kFailed, "connection refused", "Start the server.", {}}),
            "tcp        failed  connection refused\n"
            "                   → Start the server.\n");
}

TEST(DoctorTable, PutsTheRestOfANameBesideWhatWasFound) {
  EXPECT_EQ(doctorRow({"turn turn:relay.example", CheckResult::kOk, "relays", "", {}}),
            "turn       ok      turn:relay.example: relays\n");
}

TEST(DoctorTable, BreaksLinesBetweenWords) {
  std::string sentence;
  for (int i = 0; i < 12; ++i) sentence += "0123456789 ";
  EXPECT_EQ(doctorRow({"udp", CheckResult::kUnknown, sentence, "", {}}),
            "udp        unknown 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 "
            "0123456789\n"
            "                   0123456789 0123456789 0123456789 0123456789 0123456789\n");
}

TEST(DoctorTable, EndsWithTheVerdict) {
  EXPECT_EQ(doctorVerdict({}), "Publishing can work.\n");
  EXPECT_EQ(doctorVerdict({{}, {"tls", "media"}}), "Publishing can't work: tls media\n");
}

}  // namespace
}  // namespace rtcpub::cli
