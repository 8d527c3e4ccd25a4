#include <fcntl.h>
#include <openssl/x509v3.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <optional>
#include <utility>

#include "log/log.h"
#include "net/certificate.h"
#include "net/certificate_files.h"
#include "net/private_file.h"
#include "net/self_signed.h"
#include "net/x509_text.h"

/// The server's own certificate, kept in a directory from one start to the next.
namespace rtcpub::net {
namespace {

constexpr std::int64_t kRenewBefore = 30L * 24 * 60 * 60;  // seconds
constexpr std::size_t kMostNames = 64;                     // with those of earlier starts
constexpr mode_t kPublicMode = 0644;
constexpr mode_t kPrivateMode = 0600;

/// What is in the directory.
struct Kept {
  std::string certificateFile;
  std::string keyFile;
  std::vector<X509Ptr> chain;  ///< empty: there is no certificate
  KeyPtr key;                  ///< null: there is no key
};

constexpr const char* kAnew =
    " A new one is another server to clients, which need its fingerprint again.";

tl::unexpected<Error> damaged(const std::string& what, const std::string& cure) {
  return fail(ErrorCode::kInvalidArgument, what + ". " + cure);
}

/// The file's text; nothing if there is no such file.
Result<std::optional<std::string>> readIfThere(const std::string& file,
                                               Result<std::string> (*read)(const std::string&)) {
  auto text = read(file);
  if (text) return std::optional(std::move(*text));
  if (text.error().code == ErrorCode::kNotFound) return std::nullopt;
  return tl::unexpected(text.error());
}

Result<void> readKey(Kept& kept) {
  const auto pem = readIfThere(kept.keyFile, readPrivateFile);
  if (!pem) return tl::unexpected(pem.error());
  if (!*pem) return {};
  auto key = parseKey(**pem, kept.keyFile);
  if (!key) {
    return damaged(key.error().message, "Put it back from a copy, or remove it and " +
                                            kept.certificateFile + " to have new ones made." +
                                            kAnew);
  }
  kept.key = *std::move(key);
  return {};
}

Result<void> readChain(Kept& kept) {
  const auto pem = readIfThere(kept.certificateFile, readFile);
  if (!pem) return tl::unexpected(pem.error());
  if (!*pem) return {};
  auto chain = parseChain(**pem, kept.certificateFile);
  if (!chain) {
    return damaged(chain.error().message,
                   "Put it back from a copy, or remove it to have a new one made for the key that "
                   "is kept: clients that pin the fingerprint take it, those that trust a copy of "
                   "the old file need the new one");
  }
  kept.chain = *std::move(chain);
  return {};
}

/// Keeps other servers out while a certificate is read or made: of two that start at the same time
/// in a new directory each would make a key.
class DirectoryLock {
 public:
  explicit DirectoryLock(const std::string& directory)
      : descriptor_(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    while (descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  ~DirectoryLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  int descriptor_;
};

/// Errors: as ownCertificate().
Result<Kept> readKept(const std::string& directory) {
  Kept kept{.certificateFile = directory + "/cert.pem", .keyFile = directory + "/key.pem"};
  if (auto read = readKey(kept); !read) return tl::unexpected(read.error());
  if (auto read = readChain(kept); !read) return tl::unexpected(read.error());
  if (!kept.key && !kept.chain.empty()) {
    return damaged(kept.keyFile + " is missing, the key of " + kept.certificateFile,
                   "Put it back from a copy, or remove " + kept.certificateFile +
                       " to have new ones made." + kAnew);
  }
  if (!kept.chain.empty() && !belongTogether(kept.chain.front().get(), kept.key.get())) {
    return damaged("the key in " + kept.keyFile + " does not belong to the certificate in " +
                       kept.certificateFile,
                   "Put the one back that belongs to the other, or remove both to have new ones "
                   "made." +
                       std::string(kAnew));
  }
  return kept;
}

bool expiresSoon(const X509* certificate) {
  return notAfterOf(certificate) <= std::time(nullptr) + kRenewBefore;
}

/// Those of `wanted` that the certificate lacks.
std::vector<std::string> missingIn(X509* certificate, const SubjectNames& wanted) {
  std::vector<std::string> missing;
  for (const auto* const each : {&wanted.names, &wanted.addresses}) {
    for (const auto& name : *each) {
      if (!isFor(certificate, name)) missing.push_back(name);
    }
  }
  return missing;
}

/// Whether it was made by a clock that was ahead. A clock that is behind, as at the boot of a
/// machine without a battery for it, says the same of a good one; but it is behind the authority's
/// days, too.
bool isFromTheFuture(const Kept& kept) {
  const std::int64_t now = std::time(nullptr);
  return notBeforeOf(kept.chain.front().get()) > now && notBeforeOf(kept.chain.back().get()) <= now;
}

/// `names`, and as many of the certificate's that is kept as there is room for: a machine that
/// moves between networks has the same ones again, and browsers are asked again about each new
/// certificate.
SubjectNames withKeptNames(SubjectNames names, const Kept& kept) {
  if (kept.chain.empty()) return names;
  for (const std::string& name : namesIn(kept.chain.front().get())) {
    if (names.names.size() + names.addresses.size() >= kMostNames) break;
    (void)addNames(names, {name});  // what is neither name nor address stays away
  }
  return names;
}

/// Why the certificate that is kept can't be used any more; empty when it can.
std::string whyAgain(const Kept& kept, const SubjectNames& names) {
  if (kept.chain.empty()) return "it was missing";
  for (const X509Ptr& each : kept.chain) {
    if (expiresSoon(each.get())) {
      const std::int64_t end = notAfterOf(each.get());
      return (end < std::time(nullptr) ? "it expired on " : "it expires on ") + day(end);
    }
  }
  if (isFromTheFuture(kept)) {
    return "it was not valid before " + day(notBeforeOf(kept.chain.front().get()));
  }
  const auto missing = missingIn(kept.chain.front().get(), names);
  return missing.empty() ? "" : "it was not for " + listOf(missing);
}

/// The authority that clients may trust already, as long as it can be used; null if there is none.
/// A file of older versions has one certificate, which is its own authority.
X509Ptr keptAuthority(const Kept& kept) {
  if (kept.chain.empty()) return nullptr;
  X509* const last = kept.chain.back().get();
  const bool usable = X509_check_ca(last) == 1 && X509_self_signed(last, 0) == 1 &&
                      belongTogether(last, kept.key.get()) && !expiresSoon(last);
  if (!usable || X509_up_ref(last) != 1) return nullptr;
  return X509Ptr(last);
}

/// The key first: a certificate never stands there without its key.
Result<void> store(const Kept& kept, const Certificate& made) {
  if (!kept.key) {
    auto stored = replaceFile(kept.keyFile, made.privateKeyPem, kPrivateMode);
    if (!stored) return stored;
  }
  return replaceFile(kept.certificateFile, made.certificatePem, kPublicMode);
}

std::string changeOf(const Kept& kept, const Certificate& made, const std::string& why,
                     bool sameAuthority) {
  std::string text = "made the certificate in " + made.file + " again, since " + why +
                     ". Its key is the same, so clients that pin its fingerprint take it";
  text += sameAuthority ? ", as do those that trust a copy of the file"
                        : "; those that trust a copy of the file need the new one";
  text += ". Its SHA-256 is " + made.fingerprint;
  if (!kept.chain.empty()) text += ", before it was " + digestOf(kept.chain.front().get());
  return text;
}

Result<OwnCertificate> make(const Kept& kept, const SubjectNames& names, const std::string& why) {
  Identity identity;
  if (kept.key) {
    EVP_PKEY_up_ref(kept.key.get());
    identity.key = KeyPtr(kept.key.get());
  } else {
    auto key = makeKey();
    if (!key) return tl::unexpected(key.error());
    identity.key = *std::move(key);
  }
  X509Ptr authority = keptAuthority(kept);
  const bool sameAuthority = authority != nullptr;
  if (!authority) {
    auto made = makeAuthority(identity.key.get(), names);
    if (!made) return tl::unexpected(made.error());
    authority = *std::move(made);
  }
  auto server = makeServerCertificate(identity.key.get(), authority.get(), names);
  if (!server) return tl::unexpected(server.error());
  identity.chain.push_back(*std::move(server));
  identity.chain.push_back(std::move(authority));
  auto made = describe(identity, kept.certificateFile);
  if (!made) return tl::unexpected(made.error());
  if (auto stored = store(kept, *made); !stored) return tl::unexpected(stored.error());
  const std::string change = kept.key ? changeOf(kept, *made, why, sameAuthority) : "";
  return OwnCertificate{.certificate = *std::move(made), .change = change};
}

bool hasExpired(const Kept& kept) {
  return std::ranges::any_of(kept.chain, [now = std::time(nullptr)](const X509Ptr& each) {
    return notAfterOf(each.get()) < now;
  });
}

Result<OwnCertificate> use(Kept kept, const std::string& problem) {
  return describe({.chain = std::move(kept.chain), .key = std::move(kept.key)},
                  kept.certificateFile)
      .map([&](Certificate certificate) {
        return OwnCertificate{.certificate = std::move(certificate), .problem = problem};
      });
}

}  // namespace

Result<OwnCertificate> ownCertificate(const std::string& directory, const SubjectNames& names) {
  if (auto made = makePrivateDirectory(directory); !made) return tl::unexpected(made.error());
  const DirectoryLock lock(directory);
  auto kept = readKept(directory);
  if (!kept) return tl::unexpected(kept.error());
  if (!kept->key) log().info("making a key and a certificate in {}", directory);
  const std::string why = whyAgain(*kept, names);
  if (why.empty()) return use(*std::move(kept), "");
  auto made = make(*kept, withKeptNames(names, *kept), why);
  // A disk that is full, or can only be read, is no reason not to start.
  const bool goesOn =
      !made && made.error().code == ErrorCode::kIo && !kept->chain.empty() && !hasExpired(*kept);
  if (!goesOn) return made;
  const std::string problem = "the certificate in " + kept->certificateFile +
                              " should be made again, since " + why +
                              ", but: " + made.error().message;
  return use(*std::move(kept), problem);
}

}  // namespace rtcpub::net
