#include "net/certificate.h"

#include <utility>

#include "core/text/text.h"
#include "net/certificate_files.h"
#include "net/private_file.h"
#include "net/x509_text.h"

namespace rtcpub::net {
namespace {

constexpr std::int64_t kDay = 24L * 60 * 60;  // seconds
/// Those who renew by a timer have done it long before.
constexpr std::int64_t kWarnBefore = 14 * kDay;

void addProblemsOfDays(std::vector<std::string>& problems, const Certificate& certificate,
                       const std::string& which, std::int64_t now) {
  if (now < certificate.notBefore) {
    problems.push_back(which + " is not valid before " + day(certificate.notBefore) +
                       ", and here it is " + day(now) +
                       ": clients refuse it until then. Is this machine's clock right?");
  } else if (now > certificate.notAfter) {
    problems.push_back(which + " has expired on " + day(certificate.notAfter) +
                       ": clients refuse it. Renew it, or check this machine's clock, by which it "
                       "is " +
                       day(now));
  } else if (now > certificate.notAfter - kWarnBefore) {
    problems.push_back(which + " expires on " + day(certificate.notAfter) +
                       ", and clients refuse it from then on: renew it");
  }
}

}  // namespace

Result<Certificate> loadCertificate(const std::string& certificateFile,
                                    const std::string& keyFile) {
  auto certificatePem = readFile(certificateFile);
  if (!certificatePem) return tl::unexpected(certificatePem.error());
  auto keyPem = readPrivateFile(keyFile);
  if (!keyPem) return tl::unexpected(keyPem.error());
  auto chain = parseChain(*certificatePem, certificateFile);
  if (!chain) return tl::unexpected(chain.error());
  auto key = parseKey(*keyPem, keyFile);
  if (!key) return tl::unexpected(key.error());
  if (!belongTogether(chain->front().get(), key->get())) {
    return fail(
        ErrorCode::kInvalidArgument,
        "the key in " + keyFile + " does not belong to the certificate in " + certificateFile);
  }
  return describe({.chain = *std::move(chain), .key = *std::move(key)}, certificateFile);
}

std::vector<std::string> problemsOf(const Certificate& certificate,
                                    const std::vector<std::string>& names, std::int64_t now) {
  std::vector<std::string> problems;
  const std::string which = "the certificate in " + certificate.file;
  addProblemsOfDays(problems, certificate, which, now);
  const auto chain = parseChain(certificate.certificatePem, certificate.file);
  if (!chain) return problems;
  if (certificate.names.empty()) {
    problems.push_back(which + " names no host (subjectAltName), so clients refuse it");
    return problems;
  }
  std::vector<std::string> missing;
  for (const auto& name : names) {
    if (!isFor(chain->front().get(), name)) missing.push_back(text::printable(name, 100));
  }
  if (!missing.empty()) {
    problems.push_back(which + " is for " + listOf(certificate.names) + ", not for " +
                       listOf(missing) +
                       ": who calls the server so refuses it. Get one for that name, or have the "
                       "server called by one of those");
  }
  return problems;
}

}  // namespace rtcpub::net
