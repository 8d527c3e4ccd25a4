#include "net/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <climits>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "net/certificate_files.h"
#include "net/private_file.h"
#include "net/self_signed.h"
#include "net/x509_text.h"

namespace rtcpub::net {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;

constexpr std::int64_t kDay = 24L * 60 * 60;

SubjectNames namesWith(const std::vector<std::string>& more) {
  SubjectNames names{.host = "pi", .names = {"localhost", "pi"}, .addresses = {"127.0.0.1"}};
  EXPECT_TRUE(addNames(names, more));
  return names;
}

/// Whether a client that was given this file takes the certificate.
bool isTrustedBy(const std::string& trustedPem, const Certificate& shown) {
  const std::unique_ptr<X509_STORE, FreedBy<X509_STORE_free>> store(X509_STORE_new());
  const std::unique_ptr<X509_STORE_CTX, FreedBy<X509_STORE_CTX_free>> context(X509_STORE_CTX_new());
  const auto trusted = parseChain(trustedPem, "trusted").value();
  for (const auto& each : trusted) X509_STORE_add_cert(store.get(), each.get());
  X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN);
  const auto chain = parseChain(shown.certificatePem, "shown").value();
  X509_STORE_CTX_init(context.get(), store.get(), chain.front().get(), nullptr);
  return X509_verify_cert(context.get()) == 1;
}

class CertificateTest : public testing::Test {
 protected:
  CertificateTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "rtcpub.XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
  }
  ~CertificateTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }

  [[nodiscard]] std::string path(const std::string& name) const { return root_ + "/" + name; }

  [[nodiscard]] OwnCertificate own(const std::vector<std::string>& names = {}) const {
    auto made = ownCertificate(path("a"), namesWith(names));
    EXPECT_TRUE(made) << made.error().message;
    return *std::move(made);
  }

  [[nodiscard]] Error failure() const {
    const auto made = ownCertificate(path("a"), namesWith({}));
    EXPECT_FALSE(made);
    return made ? Error() : made.error();
  }

  static mode_t modeOf(const std::string& file) {
    struct stat status {};
    EXPECT_EQ(::stat(file.c_str(), &status), 0);
    return status.st_mode & 07777U;
  }

  /// Puts a certificate in the directory "a" that is valid from and to so many days from now.
  void keep(int from, int to, int authorityTo = 3650, int authorityFrom = -100) {
    auto key = makeKey().value();
    auto authority = makeAuthority(key.get(), namesWith({})).value();
    X509_time_adj_ex(X509_getm_notBefore(authority.get()), authorityFrom, 0, nullptr);
    X509_time_adj_ex(X509_getm_notAfter(authority.get()), authorityTo, 0, nullptr);
    ASSERT_GT(X509_sign(authority.get(), key.get(), EVP_sha256()), 0);
    auto server = makeServerCertificate(key.get(), authority.get(), namesWith({})).value();
    X509_time_adj_ex(X509_getm_notBefore(server.get()), from, 0, nullptr);
    X509_time_adj_ex(X509_getm_notAfter(server.get()), to, 0, nullptr);
    ASSERT_GT(X509_sign(server.get(), key.get(), EVP_sha256()), 0);
    Identity identity{.chain = {}, .key = std::move(key)};
    identity.chain.push_back(std::move(server));
    identity.chain.push_back(std::move(authority));
    put(describe(identity, path("a/cert.pem")).value());
  }

  void put(const Certificate& certificate) const {
    ASSERT_TRUE(makePrivateDirectory(path("a")));
    ASSERT_TRUE(replaceFile(path("a/cert.pem"), certificate.certificatePem, 0644));
    ASSERT_TRUE(replaceFile(path("a/key.pem"), certificate.privateKeyPem, 0600));
  }

  /// The directory "a", by a path so long that its files can be read but no other name fits beside
  /// them: nothing can be written there, by nobody.
  [[nodiscard]] std::string readOnly() const {
    return path("a") + std::string(PATH_MAX - 12 - path("a").size(), '/');
  }

  [[nodiscard]] Certificate loaded() const {
    return loadCertificate(path("a/cert.pem"), path("a/key.pem")).value();
  }

 private:
  std::string root_;
};

// --- made, and kept

TEST_F(CertificateTest, IsMadeOnceAndKept) {
  const auto first = ownCertificate(path("a/b"), namesWith({}));
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->change, "");
  EXPECT_EQ(first->certificate.fingerprint.size(), 32U * 3 - 1);
  EXPECT_EQ(first->certificate.file, path("a/b/cert.pem"));
  EXPECT_TRUE(first->certificate.selfSigned);
  const auto second = ownCertificate(path("a/b"), namesWith({}));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->change, "");
  EXPECT_EQ(first->certificate.certificatePem, second->certificate.certificatePem);
  EXPECT_EQ(first->certificate.privateKeyPem, second->certificate.privateKeyPem);
  EXPECT_EQ(first->certificate.key, second->certificate.key);
}

TEST_F(CertificateTest, KeepsTheKeyForTheOwnerAlone) {
  ASSERT_TRUE(ownCertificate(path("a/b"), namesWith({})));
  EXPECT_EQ(modeOf(path("a")), 0700U);
  EXPECT_EQ(modeOf(path("a/b")), 0700U);
  EXPECT_EQ(modeOf(path("a/b/key.pem")), 0600U);
  for (const auto& entry : std::filesystem::directory_iterator(path("a/b"))) {
    EXPECT_THAT(entry.path().filename().string(), testing::AnyOf("cert.pem", "key.pem"));
  }
}

TEST_F(CertificateTest, IsForItsNamesAndTrustedByWhoHasTheFile) {
  const auto made = own({"robots.example", "203.0.113.7", "2001:db8::7"}).certificate;
  EXPECT_THAT(made.names, testing::UnorderedElementsAre("localhost", "pi", "robots.example",
                                                        "127.0.0.1", "203.0.113.7", "2001:db8::7"));
  const auto chain = parseChain(made.certificatePem, "").value();
  for (const char* host : {"localhost", "robots.example", "203.0.113.7", "2001:db8::7"}) {
    EXPECT_TRUE(isFor(chain.front().get(), host)) << host;
  }
  EXPECT_FALSE(isFor(chain.front().get(), "elsewhere.example"));
  EXPECT_EQ(X509_check_purpose(chain.front().get(), X509_PURPOSE_SSL_SERVER, 0), 1);
  EXPECT_EQ(X509_check_ca(chain.back().get()), 1);
  EXPECT_TRUE(isTrustedBy(made.certificatePem, made));
  EXPECT_FALSE(
      isTrustedBy(ownCertificate(path("other"), namesWith({}))->certificate.certificatePem, made));
}

// --- made again

TEST_F(CertificateTest, IsMadeAgainForANameThatItLacksByTheSameKey) {
  const auto first = own();
  const auto second = own({"203.0.113.7", "robots.example"});
  EXPECT_EQ(second.certificate.key, first.certificate.key);
  EXPECT_NE(second.certificate.fingerprint, first.certificate.fingerprint);
  EXPECT_THAT(second.certificate.names, Contains("203.0.113.7"));
  EXPECT_THAT(second.change,
              AllOf(HasSubstr("it was not for robots.example, 203.0.113.7"),
                    HasSubstr(first.certificate.fingerprint),
                    HasSubstr(second.certificate.fingerprint), HasSubstr("Its key is the same")));
  EXPECT_TRUE(isTrustedBy(first.certificate.certificatePem, second.certificate));
}

TEST_F(CertificateTest, StaysWhenItHasMoreNamesThanAreAskedFor) {
  const auto first = own({"203.0.113.7"});
  const auto second = own();
  EXPECT_EQ(second.certificate.fingerprint, first.certificate.fingerprint);
  EXPECT_EQ(second.change, "");
}

TEST_F(CertificateTest, IsMadeAgainWhenItExpiresWithinAMonthOrHas) {
  for (const int days : {29, -3}) {
    keep(-100, days);
    const auto old = loaded();
    const auto again = own();
    EXPECT_NE(again.certificate.fingerprint, old.fingerprint);
    EXPECT_EQ(again.certificate.key, old.key);
    EXPECT_THAT(again.change, HasSubstr("expire"));
    EXPECT_THAT(again.change, HasSubstr(day(std::time(nullptr) + days * kDay)));
    EXPECT_TRUE(isTrustedBy(old.certificatePem, again.certificate));
  }
}

TEST_F(CertificateTest, IsKeptWhenItExpiresLater) {
  keep(-100, 31);
  EXPECT_EQ(own().certificate.fingerprint, loaded().fingerprint);
}

TEST_F(CertificateTest, OfAnAuthorityThatExpiresHasToBeGivenToClientsAnew) {
  keep(-100, 400, 20);
  const auto old = loaded();
  const auto again = own();
  EXPECT_EQ(again.certificate.key, old.key);
  EXPECT_THAT(again.change, HasSubstr("need the new one"));
  EXPECT_TRUE(isTrustedBy(again.certificate.certificatePem, again.certificate));
}

TEST_F(CertificateTest, OfAnOlderVersionIsTheAuthorityOfTheNextOne) {
  const auto key = makeKey().value();
  const auto alone = makeAuthority(key.get(), namesWith({})).value();
  Identity identity;
  X509_up_ref(alone.get());
  EVP_PKEY_up_ref(key.get());
  identity.chain.emplace_back(alone.get());
  identity.key = KeyPtr(key.get());
  put(describe(identity, path("a/cert.pem")).value());
  const auto old = loaded();
  const auto again = own();
  EXPECT_EQ(again.certificate.key, old.key);
  EXPECT_TRUE(isTrustedBy(old.certificatePem, again.certificate));
}

TEST_F(CertificateTest, IsMadeAgainForTheKeyThatIsKeptWhenItIsGone) {
  const auto first = own();
  std::filesystem::remove(path("a/cert.pem"));
  const auto second = own();
  EXPECT_EQ(second.certificate.key, first.certificate.key);
  EXPECT_THAT(second.change, HasSubstr("it was missing"));
}

TEST_F(CertificateTest, KeepsTheNamesThatItHadWhenItIsMadeAgain) {
  const auto atHome = own({"192.0.2.7", "robots.example"});
  const auto atWork = own({"203.0.113.7"});
  EXPECT_THAT(atWork.certificate.names, IsSupersetOf({"192.0.2.7", "robots.example", "localhost"}));
  const auto atHomeAgain = own({"192.0.2.7"});
  EXPECT_EQ(atHomeAgain.certificate.fingerprint, atWork.certificate.fingerprint);
}

TEST_F(CertificateTest, HasRoomForTodaysNamesFirst) {
  std::vector<std::string> many;
  for (int i = 0; i < 80; ++i) many.push_back("10.0.0." + std::to_string(100 + i));
  EXPECT_EQ(own({many.begin(), many.begin() + 60}).certificate.names.size(), 63U);
  const auto full = own({many[70], many[71]}).certificate.names;
  EXPECT_EQ(full.size(), 64U);
  EXPECT_THAT(full, IsSupersetOf({many[70], many[71], many[0]}));
  (void)own(many);
  const auto chain = parseChain(loaded().certificatePem, "").value();
  for (const auto& each : many) EXPECT_TRUE(isFor(chain.front().get(), each)) << each;
}

TEST_F(CertificateTest, ByAClockThatWasAheadIsMadeAgainOnce) {
  keep(10, 800);
  const auto old = loaded();
  const auto again = own();
  EXPECT_THAT(again.change, HasSubstr("not valid before " + day(std::time(nullptr) + 10 * kDay)));
  EXPECT_EQ(again.certificate.key, old.key);
  EXPECT_LE(again.certificate.notBefore, std::time(nullptr));
  EXPECT_TRUE(isTrustedBy(old.certificatePem, again.certificate));
  EXPECT_EQ(own().certificate.fingerprint, again.certificate.fingerprint);
}

TEST_F(CertificateTest, IsLeftAloneByAClockThatIsBehind) {
  keep(20000, 20800, 23000, 20000);
  EXPECT_EQ(own().certificate.fingerprint, loaded().fingerprint);
}

// --- where nothing can be written

TEST_F(CertificateTest, StaysWhereItCannotBeMadeAgainAndTellsWhy) {
  const auto first = own();
  const auto kept = ownCertificate(readOnly(), namesWith({"203.0.113.7"}));
  ASSERT_TRUE(kept) << kept.error().message;
  EXPECT_EQ(kept->certificate.fingerprint, first.certificate.fingerprint);
  EXPECT_EQ(kept->change, "");
  EXPECT_THAT(kept->problem,
              AllOf(HasSubstr("should be made again, since it was not for 203.0.113.7, but: "),
                    HasSubstr("cannot write")));
  EXPECT_EQ(own().problem, "");
}

TEST_F(CertificateTest, ThatHasExpiredIsOfNoUseWhereItCannotBeMadeAgain) {
  keep(-100, 3);
  EXPECT_TRUE(ownCertificate(readOnly(), namesWith({})));
  keep(-100, -3);
  const auto kept = ownCertificate(readOnly(), namesWith({}));
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().code, ErrorCode::kIo);
}

// --- damaged: never a new identity without being asked

TEST_F(CertificateTest, ThatIsDamagedIsLeftForItsOwnerToDecide) {
  const auto good = own().certificate;
  for (const std::string& text :
       {std::string(), std::string("junk"), good.certificatePem.substr(0, 200),
        good.certificatePem.substr(0, good.certificatePem.size() - 60)}) {
    ASSERT_TRUE(replaceFile(path("a/cert.pem"), text, 0644));
    const Error error = failure();
    EXPECT_EQ(error.code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(error.message, AllOf(HasSubstr(path("a/cert.pem")), HasSubstr("remove it")));
    EXPECT_EQ(readFile(path("a/cert.pem")).value(), text);
    EXPECT_EQ(readFile(path("a/key.pem")).value(), good.privateKeyPem);
  }
}

TEST_F(CertificateTest, WithADamagedKeyIsLeftForItsOwnerToDecide) {
  const auto good = own().certificate;
  ASSERT_TRUE(replaceFile(path("a/key.pem"), good.privateKeyPem.substr(0, 90), 0600));
  EXPECT_THAT(failure().message,
              AllOf(HasSubstr(path("a/key.pem")), HasSubstr("Put it back"), HasSubstr("remove")));
}

TEST_F(CertificateTest, WithoutItsKeyIsLeftForItsOwnerToDecide) {
  (void)own();
  std::filesystem::remove(path("a/key.pem"));
  EXPECT_THAT(failure().message, HasSubstr("key.pem is missing"));
}

TEST_F(CertificateTest, WithAnothersKeyIsLeftForItsOwnerToDecide) {
  (void)own();
  ASSERT_TRUE(ownCertificate(path("b"), namesWith({})));
  std::filesystem::copy_file(path("b/key.pem"), path("a/key.pem"),
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_THAT(failure().message, HasSubstr("does not belong to the certificate"));
}

TEST_F(CertificateTest, SaysWhatCannotBeMade) {
  std::ofstream(path("file")) << "not a directory";
  const auto made = ownCertificate(path("file/data"), namesWith({}));
  EXPECT_EQ(made.error().code, ErrorCode::kIo);
  EXPECT_THAT(made.error().message, HasSubstr("cannot make the directory"));
}

// --- given

TEST_F(CertificateTest, SaysWhichFileIsMissing) {
  const auto found = loadCertificate(path("none.pem"), path("key.pem"));
  EXPECT_EQ(found.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(found.error().message, HasSubstr("none.pem: No such file"));
}

TEST_F(CertificateTest, SaysWhichFileIsNoPem) {
  (void)own();
  std::ofstream(path("junk.pem")) << "-----BEGIN CERTIFICATE-----\njunk\n";
  const auto badCertificate = loadCertificate(path("junk.pem"), path("a/key.pem"));
  EXPECT_EQ(badCertificate.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(badCertificate.error().message, HasSubstr("junk.pem is not a certificate"));
  ASSERT_EQ(::chmod(path("junk.pem").c_str(), 0600), 0);
  const auto badKey = loadCertificate(path("a/cert.pem"), path("junk.pem"));
  EXPECT_EQ(badKey.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(badKey.error().message, HasSubstr("junk.pem is not a private key"));
}

TEST_F(CertificateTest, HasNoProblemsWhileItsDaysAndNamesFit) {
  const auto made = own({"robots.example"}).certificate;
  EXPECT_THAT(problemsOf(made, {"robots.example", "localhost"}, std::time(nullptr)), IsEmpty());
}

TEST_F(CertificateTest, TellsItsDays) {
  const auto made = own().certificate;
  EXPECT_THAT(
      problemsOf(made, {}, made.notAfter + 3 * kDay),
      ElementsAre(AllOf(HasSubstr(made.file), HasSubstr("has expired on " + day(made.notAfter)),
                        HasSubstr(day(made.notAfter + 3 * kDay)))));
  EXPECT_THAT(
      problemsOf(made, {}, made.notBefore - 2 * kDay),
      ElementsAre(AllOf(HasSubstr("not valid before " + day(made.notBefore)), HasSubstr("clock"))));
  EXPECT_THAT(problemsOf(made, {}, made.notAfter - 13 * kDay),
              ElementsAre(HasSubstr("expires on " + day(made.notAfter))));
  EXPECT_THAT(problemsOf(made, {}, made.notAfter - 15 * kDay), IsEmpty());
}

TEST_F(CertificateTest, TellsBothNamesWhereItIsForOthers) {
  const auto made = own({"a.example"}).certificate;
  EXPECT_THAT(problemsOf(made, {"a.example", "b.example"}, std::time(nullptr)),
              ElementsAre(AllOf(HasSubstr("is for a.example, localhost, pi, 127.0.0.1, "),
                                HasSubstr("not for b.example"))));
}

TEST_F(CertificateTest, TellsThatItNamesNobody) {
  const auto key = makeKey().value();
  auto bare = makeAuthority(key.get(), namesWith({})).value();
  Identity identity;
  EVP_PKEY_up_ref(key.get());
  identity.key = KeyPtr(key.get());
  identity.chain.push_back(std::move(bare));
  EXPECT_THAT(problemsOf(describe(identity, "c.pem").value(), {}, std::time(nullptr)),
              ElementsAre(HasSubstr("names no host")));
}

}  // namespace
}  // namespace rtcpub::net
