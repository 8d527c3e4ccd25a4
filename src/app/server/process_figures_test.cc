#include "app/server/process_figures.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <string>

namespace rtcpub {
namespace {

constexpr std::string_view kStat =
    "4711 (rtc) pub (x) S 1 4711 4711 34816 4711 4194304 100 0 0 0 250 50 0 0 20 0 9 0 123456 "
    "987654321 4242 18446744073709551615 1 1 0 0 0 0 0 4096 0 0 0 0 17 1 0 0 0 0 0\n";

TEST(ProcessStat, IsReadPastANameWithBrackets) {
  const auto stat = parseProcessStat(kStat);
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->cpuTicks, 300U);
  EXPECT_EQ(stat->threads, 9U);
  EXPECT_EQ(stat->startTicks, 123456U);
  EXPECT_EQ(stat->virtualBytes, 987654321U);
  EXPECT_EQ(stat->residentPages, 4242U);
}

TEST(ProcessStat, IsNothingWhereTheLineIsCutShort) {
  EXPECT_FALSE(parseProcessStat(""));
  EXPECT_FALSE(parseProcessStat("4711 (rtcpub"));
  EXPECT_FALSE(parseProcessStat("4711 (rtcpub) S 1 2 3"));
}

TEST(BootTime, IsFoundAmongOtherLines) {
  EXPECT_EQ(parseBootTime("cpu  1 2 3\nctxt 5\nbtime 1700000000\nprocesses 7\n"), 1700000000U);
  EXPECT_EQ(parseBootTime("btime 12"), 12U);
  EXPECT_FALSE(parseBootTime("cpu  1 2 3\n"));
  EXPECT_FALSE(parseBootTime(""));
  EXPECT_FALSE(parseBootTime("btime soon\n"));
}

TEST(ProcessFigures, AreThoseOfThisProgram) {
  const auto figures = processFigures();
  if (!figures) GTEST_SKIP() << "this system has no /proc";
  std::string line;
  std::getline(std::ifstream("/proc/self/stat"), line);
  // There is one thread at least; qemu's user emulation fills in zeros.
  if (parseProcessStat(line)->threads == 0) GTEST_SKIP() << "this system's /proc is made up";
  EXPECT_GT(figures->residentBytes, 1e6);
  EXPECT_GT(figures->virtualBytes, figures->residentBytes);
  EXPECT_GE(figures->openFds, 1);
  EXPECT_GT(figures->maxFds, figures->openFds);
  EXPECT_GE(figures->threads, 1);
  EXPECT_GE(figures->cpuSeconds, 0);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const double seconds = std::chrono::duration<double>(now).count();
  EXPECT_LT(figures->startTime, seconds + 2);
  EXPECT_GT(figures->startTime, seconds - 3600);
}

TEST(ProcessFigures, CountAFileThatIsOpened) {
  const auto before = processFigures();
  if (!before) GTEST_SKIP() << "this system has no /proc";
  const int more = dup(0);
  if (more < 0) GTEST_SKIP() << "no file to open again";
  EXPECT_EQ(processFigures()->openFds, before->openFds + 1);
  close(more);
}

}  // namespace
}  // namespace rtcpub
