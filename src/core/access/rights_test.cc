#include "rtcpub/rights.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

TEST(Rights, AreASet) {
  constexpr Rights rights{Right::kView, Right::kDrive};
  EXPECT_TRUE(rights.has(Right::kView));
  EXPECT_FALSE(rights.has(Right::kPublish));
  EXPECT_EQ(rights & Right::kView, Rights(Right::kView));
  EXPECT_EQ(rights | Right::kAdmin, (Rights{Right::kAdmin, Right::kDrive, Right::kView}));
  EXPECT_TRUE((rights & Right::kPublish).empty());
  EXPECT_TRUE(Rights().empty());
}

TEST(Rights, AreWrittenInOneOrderAndReadInAny) {
  EXPECT_EQ(format(Rights{Right::kAdmin, Right::kPublish}), "publish,admin");
  EXPECT_EQ(format(Rights()), "");
  EXPECT_EQ(parseRights("drive,view").value(), (Rights{Right::kView, Right::kDrive}));
  EXPECT_EQ(parseRights("view,view").value(), Rights(Right::kView));
  for (const Right right : {Right::kPublish, Right::kView, Right::kDrive, Right::kAdmin}) {
    EXPECT_EQ(parseRights(name(right)).value(), Rights(right));
  }
}

TEST(Rights, NamesTheWordThatIsNone) {
  const auto refused = parseRights("view,fly");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "\"fly\" is no right: publish, view, drive and admin are, several joined by commas");
  for (const char* text : {"", ",", "view,", "View", "view, drive"}) {
    EXPECT_FALSE(parseRights(text)) << text;
  }
}

}  // namespace
}  // namespace rtcpub
