#include "sfu/transport/ice_agent.h"

#include <api/transport/stun.h>

#include <memory>
#include <utility>

#include "core/stun/stun_format.h"
#include "engine/compat/bytes.h"
#include "sfu/transport/stun_message.h"

namespace rtcpub::sfu {
namespace {

std::vector<std::uint8_t> successReply(const cricket::StunMessage& request, const Endpoint& from,
                                       const std::string& pwd) {
  cricket::StunMessage reply(cricket::STUN_BINDING_RESPONSE, request.transaction_id());
  reply.AddAttribute(std::make_unique<cricket::StunXorAddressAttribute>(
      cricket::STUN_ATTR_XOR_MAPPED_ADDRESS, toSocketAddress(from)));
  reply.AddMessageIntegrity(pwd);
  reply.AddFingerprint();
  return serialize(reply);
}

/// Signed only when the request was, too (RFC 8489 section 9.1.3).
std::vector<std::uint8_t> errorReply(const cricket::StunMessage& request, int code,
                                     const std::string& reason, const std::string* pwd) {
  cricket::StunMessage reply(cricket::STUN_BINDING_ERROR_RESPONSE, request.transaction_id());
  reply.AddAttribute(std::make_unique<cricket::StunErrorCodeAttribute>(
      cricket::STUN_ATTR_ERROR_CODE, code, reason));
  if (pwd != nullptr) reply.AddMessageIntegrity(*pwd);
  reply.AddFingerprint();
  return serialize(reply);
}

}  // namespace

std::optional<std::string_view> localUfrag(std::span<const std::uint8_t> datagram) {
  const auto message = stun::Message::read(datagram);
  if (!message || message->type() != stun::kBindingRequest) return std::nullopt;
  const auto value = message->find(stun::kUsername);
  if (!value) return std::nullopt;
  const std::string_view username(reinterpret_cast<const char*>(value->data()), value->size());
  return username.substr(0, username.find(':'));
}

IceAgent::IceAgent(IceCredentials local) : local_(std::move(local)) {}

IceCheck IceAgent::handle(std::span<const std::uint8_t> datagram, const Endpoint& from) const {
  IceCheck check;
  const auto* data = reinterpret_cast<const char*>(datagram.data());
  if (localUfrag(datagram) != std::string_view(local_.ufrag) ||
      !cricket::StunMessage::ValidateFingerprint(data, datagram.size())) {
    return check;
  }
  cricket::IceMessage request;
  auto reader = engine::readerOf(datagram);
  if (!request.Read(&reader) || request.type() != cricket::STUN_BINDING_REQUEST) return check;

  using Integrity = cricket::StunMessage::IntegrityStatus;
  const Integrity integrity = request.ValidateMessageIntegrity(local_.pwd);
  if (integrity == Integrity::kNoIntegrity) {
    check.reply = errorReply(request, cricket::STUN_ERROR_BAD_REQUEST, "Bad Request", nullptr);
  } else if (integrity != Integrity::kIntegrityOk) {
    check.reply = errorReply(request, cricket::STUN_ERROR_UNAUTHORIZED, "Unauthorized", nullptr);
  } else if (request.GetUInt64(cricket::STUN_ATTR_ICE_CONTROLLED) != nullptr) {
    // A lite agent stays controlled whatever the tie-breakers say (RFC 8445 section 7.3.1.1).
    check.reply =
        errorReply(request, cricket::STUN_ERROR_ROLE_CONFLICT, "Role Conflict", &local_.pwd);
  } else {
    check.valid = true;
    check.nominated = request.GetByteString(cricket::STUN_ATTR_USE_CANDIDATE) != nullptr;
    check.reply = successReply(request, from, local_.pwd);
  }
  return check;
}

}  // namespace rtcpub::sfu
