#include "net/subject_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace rtcpub::net {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(SubjectNames, OfLoopbackOnlyAreThoseThatEveryMachineHasAndItsOwn) {
  const auto names = namesOfThisHost(false);
  EXPECT_THAT(names.addresses, ElementsAre("127.0.0.1", "::1"));
  EXPECT_THAT(names.names, Contains("localhost"));
  if (!names.host.empty()) {
    EXPECT_THAT(names.names, Contains(names.host));
  }
}

TEST(SubjectNames, OfAServerForOthersHaveTheInterfacesAddresses) {
  const auto loopback = namesOfThisHost(false).addresses;
  const auto all = namesOfThisHost(true).addresses;
  EXPECT_TRUE(std::includes(all.begin(), all.end(), loopback.begin(), loopback.end()));
  for (const auto& address : all) EXPECT_THAT(address, testing::Not(HasSubstr("%")));
}

TEST(SubjectNames, TakeNamesAndAddressesThatAreGiven) {
  SubjectNames names;
  ASSERT_TRUE(addNames(names, {"Robots.Example", "203.0.113.7", "2001:DB8:0::7", "a-b.c"}));
  EXPECT_THAT(names.names, ElementsAre("a-b.c", "robots.example"));
  EXPECT_THAT(names.addresses, ElementsAre("2001:db8::7", "203.0.113.7"));
}

TEST(SubjectNames, RefuseWhatNobodyCanCall) {
  for (const std::string& wrong :
       {std::string(), std::string("https://robots.example"), std::string("robots.example:8267"),
        std::string("*.example"), std::string("-a.example"), std::string("a..example"),
        std::string("a b"), std::string("robots.example."), std::string("fe80::1%eth0"),
        std::string("ex,DNS:evil.example"), std::string(64, 'a'),
        std::string("b\xC3\xBC"
                    "cher")}) {
    SubjectNames names;
    const auto added = addNames(names, {wrong});
    ASSERT_FALSE(added) << wrong;
    EXPECT_EQ(added.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(added.error().message, HasSubstr("no name of a server"));
  }
}

}  // namespace
}  // namespace rtcpub::net
