#include "peer/certificate_verifier.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdio>
#include <string>

namespace rtcpub::peer {
namespace {

/// A certificate with its key, made for a test.
struct Issued {
  X509* certificate = X509_new();
  EVP_PKEY* key = EVP_EC_gen("P-256");
  Issued() = default;
  Issued(const Issued&) = delete;
  Issued& operator=(const Issued&) = delete;
  ~Issued() {
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
};

void extend(X509* certificate, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

/// For `name`, signed by `issuer` or, without one, by itself; valid for `seconds` from now.
void issue(Issued& made, const std::string& name, const Issued* issuer, bool authority,
           long seconds = 3600) {
  X509* certificate = made.certificate;
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), issuer == nullptr ? 1 : 2);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -7200);
  X509_gmtime_adj(X509_getm_notAfter(certificate), seconds);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(
      certificate, X509_get_subject_name(issuer == nullptr ? certificate : issuer->certificate));
  X509_set_pubkey(certificate, made.key);
  extend(certificate, NID_basic_constraints, authority ? "critical,CA:TRUE" : "CA:FALSE");
  if (!authority) extend(certificate, NID_subject_alt_name, ("DNS:" + name).c_str());
  X509_sign(certificate, issuer == nullptr ? made.key : issuer->key, EVP_sha256());
}

std::string pem(const Issued& made) {
  BIO* memory = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(memory, made.certificate);
  char* text = nullptr;
  const auto size = static_cast<std::size_t>(BIO_get_mem_data(memory, &text));
  std::string read(text, size);
  BIO_free(memory);
  return read;
}

class CertificateVerifier : public testing::Test {
 protected:
  CertificateVerifier() {
    issue(authority_, "authority", nullptr, true);
    FILE* file = std::fopen(path_.c_str(), "w");
    std::fputs(pem(authority_).c_str(), file);
    std::fclose(file);
  }
  ~CertificateVerifier() override { std::remove(path_.c_str()); }

  bool accepts(const Issued& presented, const std::string& host = "relay.example") {
    const auto verifier = makeCertificateVerifier(path_, {host});
    const auto certificate = rtc::SSLCertificate::FromPEMString(pem(presented));
    return verifier && certificate && (*verifier)->Verify(*certificate);
  }

  Issued authority_;
  const std::string path_ = testing::TempDir() + "ca-" + std::to_string(getpid()) + ".pem";
};

TEST_F(CertificateVerifier, AcceptsWhatItsAuthorityIssued) {
  Issued server;
  issue(server, "relay.example", &authority_, false);
  EXPECT_TRUE(accepts(server));
}

TEST_F(CertificateVerifier, AcceptsAnIntermediateAuthority) {
  Issued intermediate;
  issue(intermediate, "intermediate", &authority_, true);
  EXPECT_TRUE(accepts(intermediate));
}

TEST_F(CertificateVerifier, RefusesWhatNobodyKnows) {
  Issued stranger;
  issue(stranger, "relay.example", nullptr, false);
  EXPECT_FALSE(accepts(stranger));
}

TEST_F(CertificateVerifier, RefusesWhatHasExpired) {
  Issued server;
  issue(server, "relay.example", &authority_, false, -60);
  EXPECT_FALSE(accepts(server));
}

TEST_F(CertificateVerifier, RefusesAServerOfAnotherName) {
  Issued server;  // it may have issued another certificate, for the right name
  issue(server, "evil.example", &authority_, false);
  EXPECT_FALSE(accepts(server));
}

TEST_F(CertificateVerifier, NotesWhatItSaw) {
  Issued server;
  issue(server, "evil.example", &authority_, false);
  Issued stranger;
  issue(stranger, "relay.example", nullptr, false);
  const auto seen = std::make_shared<SeenCertificates>();
  const auto verifier = makeCertificateVerifier(path_, {"relay.example"}, seen);
  for (const auto* each : {&server, &stranger, &authority_}) {
    (void)(*verifier)->Verify(*rtc::SSLCertificate::FromPEMString(pem(*each)));
  }
  ASSERT_EQ(seen->size(), 2U) << "the authority's is no server's";
  EXPECT_EQ((*seen)[0].names, std::vector<std::string>{"evil.example"});
  EXPECT_TRUE((*seen)[0].trusted);
  EXPECT_EQ((*seen)[1].names, std::vector<std::string>{"relay.example"});
  EXPECT_FALSE((*seen)[1].trusted);
}

TEST_F(CertificateVerifier, SaysThatAFileHoldsNoCertificate) {
  EXPECT_FALSE(makeCertificateVerifier("/nonexistent/ca.pem", {}));
}

}  // namespace
}  // namespace rtcpub::peer
