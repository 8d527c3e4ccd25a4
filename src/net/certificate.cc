#include "net/certificate.h"

#include <openssl/pem.h>

#include <array>
#include <ctime>

#include "log/log.h"
#include "net/openssl_ptr.h"
#include "net/private_file.h"
#include "net/self_signed.h"

namespace rtcpub::net {

namespace {

constexpr std::time_t kRenewBefore = 30L * 24 * 60 * 60;  // seconds
constexpr mode_t kPublicMode = 0644;
constexpr mode_t kPrivateMode = 0600;

BioPtr bioOf(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string textOf(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

X509Ptr parseCertificate(const std::string& pem) {
  return X509Ptr(PEM_read_bio_X509(bioOf(pem).get(), nullptr, nullptr, nullptr));
}

/// OpenSSL's own callback would ask at the terminal.
int noPassphrase(char*, int, int, void*) { return 0; }

KeyPtr parseKey(const std::string& pem) {
  return KeyPtr(PEM_read_bio_PrivateKey(bioOf(pem).get(), nullptr, noPassphrase, nullptr));
}

std::string fingerprintOf(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  X509_digest(certificate, EVP_sha256(), digest.data(), &size);
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    if (i > 0) text += ':';
    text += kHex[digest[i] >> 4U];
    text += kHex[digest[i] & 15U];
  }
  return text;
}

bool expiresSoon(const X509* certificate) {
  std::time_t limit = std::time(nullptr) + kRenewBefore;
  return X509_cmp_time(X509_get0_notAfter(certificate), &limit) <= 0;
}

Result<Certificate> store(const SelfSigned& made, const std::string& certificateFile,
                          const std::string& keyFile) {
  const BioPtr certificate(BIO_new(BIO_s_mem()));
  const BioPtr key(BIO_new(BIO_s_mem()));
  if (!certificate || !key || PEM_write_bio_X509(certificate.get(), made.certificate.get()) != 1 ||
      PEM_write_bio_PKCS8PrivateKey(key.get(), made.key.get(), nullptr, nullptr, 0, nullptr,
                                    nullptr) != 1) {
    return fail(ErrorCode::kInternal, "cannot write a certificate: " + opensslError());
  }
  Certificate result{.certificatePem = textOf(certificate.get()),
                     .privateKeyPem = textOf(key.get()),
                     .file = certificateFile,
                     .fingerprint = fingerprintOf(made.certificate.get())};
  // The key first: a certificate never stands there without its key for long.
  return replaceFile(keyFile, result.privateKeyPem, kPrivateMode)
      .and_then([&] { return replaceFile(certificateFile, result.certificatePem, kPublicMode); })
      .map([&] { return result; });
}

/// Why the stored certificate can't be used any more; empty when it can.
std::string whyRenew(const Result<Certificate>& stored) {
  if (!stored) return stored.error().message;
  return expiresSoon(parseCertificate(stored->certificatePem).get()) ? "it expires soon" : "";
}

}  // namespace

Result<Certificate> loadCertificate(const std::string& certificateFile,
                                    const std::string& keyFile) {
  auto certificatePem = readFile(certificateFile);
  if (!certificatePem) return tl::unexpected(certificatePem.error());
  auto keyPem = readFile(keyFile);
  if (!keyPem) return tl::unexpected(keyPem.error());
  const X509Ptr certificate = parseCertificate(*certificatePem);
  if (!certificate) {
    return fail(ErrorCode::kInvalidArgument,
                certificateFile + " is not a certificate in PEM format: " + opensslError());
  }
  const KeyPtr key = parseKey(*keyPem);
  if (!key) {
    return fail(
        ErrorCode::kInvalidArgument,
        keyFile + " is not a private key in PEM format without a passphrase: " + opensslError());
  }
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    (void)opensslError();
    return fail(
        ErrorCode::kInvalidArgument,
        "the key in " + keyFile + " does not belong to the certificate in " + certificateFile);
  }
  return Certificate{.certificatePem = std::move(*certificatePem),
                     .privateKeyPem = std::move(*keyPem),
                     .file = certificateFile,
                     .fingerprint = fingerprintOf(certificate.get())};
}

Result<Certificate> selfSignedCertificate(const std::string& directory) {
  if (auto made = makePrivateDirectory(directory); !made) return tl::unexpected(made.error());
  const std::string certificateFile = directory + "/cert.pem";
  const std::string keyFile = directory + "/key.pem";
  auto stored = loadCertificate(certificateFile, keyFile);
  // What is there but can't be read may be fine: its owner shall decide.
  if (!stored && stored.error().code == ErrorCode::kIo) return stored;
  const std::string why = whyRenew(stored);
  if (why.empty()) return stored;
  log().info("making a self-signed certificate in {}: {}", directory, why);
  return makeSelfSigned(namesOfThisHost()).and_then([&](const SelfSigned& made) {
    return store(made, certificateFile, keyFile);
  });
}

}  // namespace rtcpub::net
