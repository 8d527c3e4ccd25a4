#include "sfu/transport/dtls_failure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub::sfu {
namespace {

using ::testing::HasSubstr;

TEST(DtlsFailure, SaysWhatToDo) {
  EXPECT_THAT(describeDtlsFailure("wrong curve"), HasSubstr("make one with P-256 (wrong curve)"));
  EXPECT_THAT(describeDtlsFailure("certificate verify failed"),
              HasSubstr("is not the one of its offer (certificate verify failed)"));
  EXPECT_THAT(describeDtlsFailure("tlsv1 alert unknown ca"),
              HasSubstr("the client gave up (tlsv1 alert unknown ca)"));
  EXPECT_THAT(describeDtlsFailure("no shared cipher"), HasSubstr("DTLS failed: no shared cipher"));
  EXPECT_THAT(describeDtlsFailure(""), HasSubstr("or it gave up"));
}

}  // namespace
}  // namespace rtcpub::sfu
