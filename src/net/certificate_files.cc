#include "net/certificate_files.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <utility>

#include "net/x509_text.h"

namespace rtcpub::net {
namespace {

BioPtr bioOf(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string textOf(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

/// OpenSSL's own callback would ask at the terminal.
int noPassphrase(char*, int, int, void*) { return 0; }

/// Whether what follows the last certificate is nothing, rather than a broken one.
bool endsWell() {
  const unsigned long error = ERR_peek_last_error();
  return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

bool isSelfSigned(X509* certificate) { return X509_self_signed(certificate, 0) == 1; }

}  // namespace

Result<std::vector<X509Ptr>> parseChain(const std::string& pem, const std::string& file) {
  const BioPtr bio = bioOf(pem);
  std::vector<X509Ptr> chain;
  ERR_clear_error();
  while (X509* const next = PEM_read_bio_X509(bio.get(), nullptr, noPassphrase, nullptr)) {
    chain.emplace_back(next);
  }
  if (chain.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                file + " is not a certificate in PEM format: " + opensslError());
  }
  if (!endsWell()) {
    return fail(ErrorCode::kInvalidArgument, file + " is broken behind its certificate no. " +
                                                 std::to_string(chain.size()) + ": " +
                                                 opensslError());
  }
  ERR_clear_error();
  return chain;
}

Result<KeyPtr> parseKey(const std::string& pem, const std::string& file) {
  KeyPtr key(PEM_read_bio_PrivateKey(bioOf(pem).get(), nullptr, noPassphrase, nullptr));
  if (key) return key;
  return fail(ErrorCode::kInvalidArgument,
              file + " is not a private key in PEM format without a passphrase: " + opensslError());
}

bool belongTogether(const X509* certificate, const EVP_PKEY* key) {
  const bool fits = X509_check_private_key(certificate, key) == 1;
  ERR_clear_error();
  return fits;
}

Result<Certificate> describe(const Identity& identity, const std::string& file) {
  const BioPtr chain(BIO_new(BIO_s_mem()));
  const BioPtr key(BIO_new(BIO_s_mem()));
  bool written = chain && key &&
                 PEM_write_bio_PKCS8PrivateKey(key.get(), identity.key.get(), nullptr, nullptr, 0,
                                               nullptr, nullptr) == 1;
  for (const X509Ptr& each : identity.chain) {
    written = written && PEM_write_bio_X509(chain.get(), each.get()) == 1;
  }
  if (!written) {
    return fail(ErrorCode::kInternal, "cannot write a certificate: " + opensslError());
  }
  const X509* const own = identity.chain.front().get();
  return Certificate{.certificatePem = textOf(chain.get()),
                     .privateKeyPem = textOf(key.get()),
                     .file = file,
                     .key = keyFingerprintOf(own),
                     .fingerprint = digestOf(own),
                     .names = namesIn(own),
                     .notBefore = notBeforeOf(own),
                     .notAfter = notAfterOf(own),
                     .selfSigned = isSelfSigned(identity.chain.back().get())};
}

}  // namespace rtcpub::net
