#include "core/session/spider_carrier.h"

#include <utility>

#include "core/spider/message.h"

namespace rtcpub::session::spider_carrier {
namespace {

/// The same in Spider's words.
struct ToSpider {
  spider::Message operator()(const Offer& offer) const {
    return spider::Offer{offer.sdp, offer.open};
  }
  spider::Message operator()(const Answer& answer) const { return spider::Answer{answer.sdp}; }
  spider::Message operator()(const Candidate& candidate) const { return candidate; }
  spider::Message operator()(const Ping& /*ping*/) const { return spider::Ping{}; }
};

/// The same in ours.
struct FromSpider {
  FromServer operator()(const spider::Offer& offer) const { return Offer{offer.sdp}; }
  FromServer operator()(const spider::Answer& answer) const { return Answer{answer.sdp}; }
  FromServer operator()(const Candidate& candidate) const { return candidate; }
  FromServer operator()(const spider::Joins& joins) const {
    return Members{joins.publishers, joins.subscribers};
  }
  FromServer operator()(const spider::Ping& /*ping*/) const { return Ping{}; }
  FromServer operator()(const spider::ServerError& error) const {
    return ServerError{error.code, error.message};
  }
  FromServer operator()(const spider::Codecs& codecs) const { return codecs.report; }
  FromServer operator()(const spider::Notice& notice) const {
    return Notice{notice.code, notice.message};
  }
  FromServer operator()(const spider::DriverNews& /*news*/) const { return Ping{}; }  // passed over
  FromServer operator()(const spider::Close& /*close*/) const { return Bye{}; }
};

}  // namespace

std::string targetFor(const Join& join) {
  return spider::formatTarget({.role = join.role,
                               .channel = join.channel,
                               .bitrateKbps = join.bitrateKbps,
                               .keyFrameInterval = join.keyFrameInterval,
                               .codec = join.codec});
}

std::string textFor(const ToServer& what) { return spider::format(std::visit(ToSpider{}, what)); }

std::optional<Event> eventOf(std::string_view text) {
  const auto message = spider::parse(text);
  // Who drives is said on `rtcpub.lease`, too, to those who want to know.
  if (message && std::holds_alternative<spider::DriverNews>(*message)) return std::nullopt;
  if (message) return Heard{std::visit(FromSpider{}, *message)};
  if (message.error().code == ErrorCode::kUnsupported) return std::nullopt;
  return Garbled{message.error().message};
}

}  // namespace rtcpub::session::spider_carrier
