#include "net/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <ctime>
#include <filesystem>
#include <fstream>

#include "net/private_file.h"
#include "net/self_signed.h"

namespace rtcpub::net {
namespace {

using testing::HasSubstr;

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

  static mode_t modeOf(const std::string& file) {
    struct stat status {};
    EXPECT_EQ(::stat(file.c_str(), &status), 0);
    return status.st_mode & 07777U;
  }

  static X509Ptr parse(const std::string& pem) {
    const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return X509Ptr(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  }

  /// Puts a certificate in the directory "kept" that expires in `days`.
  void keep(int days) {
    auto made = makeSelfSigned(namesOfThisHost()).value();
    X509_time_adj_ex(X509_getm_notAfter(made.certificate.get()), days, 0, nullptr);
    ASSERT_GT(X509_sign(made.certificate.get(), made.key.get(), EVP_sha256()), 0);
    const BioPtr certificate(BIO_new(BIO_s_mem()));
    const BioPtr key(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(certificate.get(), made.certificate.get());
    PEM_write_bio_PrivateKey(key.get(), made.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    write(path("kept/cert.pem"), certificate.get());
    write(path("kept/key.pem"), key.get());
  }

  static void write(const std::string& file, BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    ASSERT_TRUE(makePrivateDirectory(std::filesystem::path(file).parent_path()));
    ASSERT_TRUE(replaceFile(file, std::string(data, static_cast<std::size_t>(size)), 0600));
  }

 private:
  std::string root_;
};

TEST_F(CertificateTest, IsMadeOnceAndKept) {
  const auto first = selfSignedCertificate(path("a/b"));
  ASSERT_TRUE(first) << first.error().message;
  const auto second = selfSignedCertificate(path("a/b"));
  ASSERT_TRUE(second);
  EXPECT_EQ(first->certificatePem, second->certificatePem);
  EXPECT_EQ(first->privateKeyPem, second->privateKeyPem);
  EXPECT_EQ(first->fingerprint, second->fingerprint);
  EXPECT_EQ(first->fingerprint.size(), 32U * 3 - 1);
  EXPECT_EQ(first->file, path("a/b/cert.pem"));
}

TEST_F(CertificateTest, KeepsTheKeyForTheOwnerAlone) {
  ASSERT_TRUE(selfSignedCertificate(path("a/b")));
  EXPECT_EQ(modeOf(path("a")), 0700U);
  EXPECT_EQ(modeOf(path("a/b")), 0700U);
  EXPECT_EQ(modeOf(path("a/b/key.pem")), 0600U);
  for (const auto& entry : std::filesystem::directory_iterator(path("a/b"))) {
    EXPECT_THAT(entry.path().filename().string(), testing::AnyOf("cert.pem", "key.pem"));
  }
}

TEST_F(CertificateTest, IsValidForThisHostAndAsItsOwnAuthority) {
  const auto made = selfSignedCertificate(path("a")).value();
  const X509Ptr certificate = parse(made.certificatePem);
  ASSERT_TRUE(certificate);
  EXPECT_EQ(X509_check_host(certificate.get(), "localhost", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate.get(), "127.0.0.1", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate.get(), "::1", 0), 1);
  EXPECT_EQ(X509_check_host(certificate.get(), "elsewhere.example", 0, 0, nullptr), 0);
  EXPECT_EQ(X509_check_ca(certificate.get()), 1);
  EXPECT_EQ(X509_check_purpose(certificate.get(), X509_PURPOSE_SSL_SERVER, 0), 1);

  const std::unique_ptr<X509_STORE, FreedBy<X509_STORE_free>> store(X509_STORE_new());
  const std::unique_ptr<X509_STORE_CTX, FreedBy<X509_STORE_CTX_free>> context(X509_STORE_CTX_new());
  X509_STORE_add_cert(store.get(), certificate.get());
  X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), nullptr);
  EXPECT_EQ(X509_verify_cert(context.get()), 1);
}

TEST_F(CertificateTest, IsValidForTheInterfacesAddresses) {
  const auto names = namesOfThisHost();
  const auto certificate = makeSelfSigned(names).value().certificate;
  for (const auto& address : names.addresses) {
    EXPECT_EQ(X509_check_ip_asc(certificate.get(), address.c_str(), 0), 1) << address;
  }
}

TEST_F(CertificateTest, IsRenewedWhenItExpiresWithinAMonth) {
  keep(29);
  const auto old = loadCertificate(path("kept/cert.pem"), path("kept/key.pem")).value();
  EXPECT_NE(selfSignedCertificate(path("kept"))->fingerprint, old.fingerprint);
}

TEST_F(CertificateTest, IsKeptWhenItExpiresLater) {
  keep(31);
  const auto old = loadCertificate(path("kept/cert.pem"), path("kept/key.pem")).value();
  EXPECT_EQ(selfSignedCertificate(path("kept"))->fingerprint, old.fingerprint);
}

TEST_F(CertificateTest, IsRenewedWhenItsKeyIsAnother) {
  ASSERT_TRUE(selfSignedCertificate(path("a")));
  const auto other = selfSignedCertificate(path("b")).value();
  std::filesystem::copy_file(path("b/key.pem"), path("a/key.pem"),
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(loadCertificate(path("a/cert.pem"), path("a/key.pem")).error().code,
            ErrorCode::kInvalidArgument);
  const auto renewed = selfSignedCertificate(path("a"));
  ASSERT_TRUE(renewed);
  EXPECT_TRUE(loadCertificate(path("a/cert.pem"), path("a/key.pem")));
}

TEST_F(CertificateTest, SaysWhichFileIsMissing) {
  const auto loaded = loadCertificate(path("none.pem"), path("key.pem"));
  EXPECT_EQ(loaded.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(loaded.error().message, HasSubstr("none.pem: No such file"));
}

TEST_F(CertificateTest, SaysWhichFileIsNoPem) {
  const auto made = selfSignedCertificate(path("a")).value();
  std::ofstream(path("junk.pem")) << "-----BEGIN CERTIFICATE-----\njunk\n";
  const auto badCertificate = loadCertificate(path("junk.pem"), path("a/key.pem"));
  EXPECT_EQ(badCertificate.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(badCertificate.error().message, HasSubstr("junk.pem is not a certificate"));
  const auto badKey = loadCertificate(path("a/cert.pem"), path("junk.pem"));
  EXPECT_EQ(badKey.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(badKey.error().message, HasSubstr("junk.pem is not a private key"));
}

TEST_F(CertificateTest, SaysWhatCannotBeMade) {
  std::ofstream(path("file")) << "not a directory";
  const auto made = selfSignedCertificate(path("file/data"));
  EXPECT_EQ(made.error().code, ErrorCode::kIo);
  EXPECT_THAT(made.error().message, HasSubstr("cannot make the directory"));
}

}  // namespace
}  // namespace rtcpub::net
