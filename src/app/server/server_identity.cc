#include "app/server/server_identity.h"

#include <ctime>
#include <utility>

#include "app/server/data_dir.h"

namespace rtcpub {

ServerIdentity::ServerIdentity(const ServerOptions& options, bool reachable)
    : options_(options), reachable_(reachable) {}

Result<net::OwnCertificate> ServerIdentity::read() const {
  net::SubjectNames names = net::namesOfThisHost(reachable_);
  for (const auto* const more : {&options_.names, &options_.publicIps}) {
    if (auto added = net::addNames(names, *more); !added) return tl::unexpected(added.error());
  }
  if (options_.tlsCertFile.empty() != options_.tlsKeyFile.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                "a certificate and its key belong together: give both tlsCertFile and tlsKeyFile, "
                "or neither");
  }
  if (!options_.tlsCertFile.empty()) {
    return net::loadCertificate(options_.tlsCertFile, options_.tlsKeyFile)
        .map([](net::Certificate certificate) {
          return net::OwnCertificate{.certificate = std::move(certificate)};
        });
  }
  return dataDirFor(options_.dataDir).and_then([&](const std::string& directory) {
    return net::ownCertificate(directory, names);
  });
}

Result<void> ServerIdentity::load(const std::function<Result<void>(const net::Certificate&)>& use) {
  const std::lock_guard loading(loading_);
  auto found = read();
  if (!found) return tl::unexpected(found.error());
  if (use) {
    if (auto used = use(found->certificate); !used) return used;
  }
  const std::lock_guard lock(mutex_);
  known_ = *std::move(found);
  return {};
}

std::vector<std::string> ServerIdentity::files() const {
  if (!options_.tlsCertFile.empty()) return {options_.tlsCertFile, options_.tlsKeyFile};
  return {certificate().file};
}

net::Certificate ServerIdentity::certificate() const {
  const std::lock_guard lock(mutex_);
  return known_.certificate;
}

std::vector<std::string> ServerIdentity::problems() const {
  const std::lock_guard lock(mutex_);
  auto problems = net::problemsOf(known_.certificate, options_.names, std::time(nullptr));
  if (!known_.problem.empty()) problems.push_back(known_.problem);
  return problems;
}

std::string ServerIdentity::change() const {
  const std::lock_guard lock(mutex_);
  return known_.change;
}

std::string ServerIdentity::toPin() const {
  const auto known = certificate();
  return known.selfSigned ? format(known.key) : "";
}

}  // namespace rtcpub
