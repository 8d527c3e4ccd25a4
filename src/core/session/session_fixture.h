#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/session/session.h"

/// A session of tests: a variable for a clock, and actions as text.
namespace rtcpub::session {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct SignalText {
  std::string operator()(const Offer& offer) const { return "offer " + offer.sdp; }
  std::string operator()(const Answer& answer) const { return "answer " + answer.sdp; }
  std::string operator()(const Candidate& candidate) const {
    return "candidate '" + candidate.line + "' of " + candidate.mid.value_or("none");
  }
  std::string operator()(const Ping& /*ping*/) const { return "ping"; }
};

struct ActionText {
  std::string operator()(const MakePeer& /*action*/) const { return "make peer"; }
  std::string operator()(const MakeOffer& /*action*/) const { return "make offer"; }
  std::string operator()(const RestartIce& /*action*/) const { return "restart ice"; }
  std::string operator()(const RefreshPath& /*action*/) const { return "refresh path"; }
  std::string operator()(const CutSocket& /*action*/) const { return "cut socket"; }
  std::string operator()(const Dial& /*action*/) const { return "dial"; }
  std::string operator()(const Send& action) const {
    return "send " + std::visit(SignalText{}, action.what);
  }
  std::string operator()(const ApplyAnswer& action) const { return "apply answer " + action.sdp; }
  std::string operator()(const ApplyOffer& action) const { return "apply offer " + action.sdp; }
  std::string operator()(const AddCandidate& action) const {
    return "add " + action.candidate.line;
  }
  std::string operator()(const Report& action) const {
    return std::string("report ") + name(action.change.state);
  }
  std::string operator()(const ShowMembers& action) const {
    return "members " + std::to_string(action.members.publishers) + " " +
           std::to_string(action.members.subscribers);
  }
  std::string operator()(const ShowCodecs& action) const { return "codecs " + action.report.sent; }
  std::string operator()(const ShowNotice& action) const { return "notice " + action.notice.code; }
  std::string operator()(const HangUp& /*action*/) const { return "hang up"; }
  std::string operator()(const Finish& action) const {
    return action.error ? "finish with an error" : "finish";
  }
};

inline const std::string kSdp =
    "v=0\r\na=ice-lite\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=ice-ufrag:";

/// An answer of a server that keeps its clients' sessions.
inline Answer keeping(const std::string& ufrag) { return {kSdp + ufrag + "\r\n"}; }

/// An answer of another one.
inline Answer foreign(const std::string& ufrag) {
  return {"v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=ice-ufrag:" + ufrag + "\r\n"};
}

/// A session with a variable for a clock, and its actions as text. Its random numbers are the mean.
class SessionTest : public testing::Test {
 protected:
  std::vector<std::string> handle(const Event& event) {
    std::vector<std::string> texts;
    for (const auto& action : session_.handle(event, now_)) {
      texts.push_back(std::visit(ActionText{}, action));
      if (const auto* finish = std::get_if<Finish>(&action)) error_ = finish->error;
      if (const auto* report = std::get_if<Report>(&action)) {
        reason_ = report->change.reason;
        if (report->news) ++news_;
      }
    }
    return texts;
  }

  std::vector<std::string> hear(FromServer what) { return handle(Heard{std::move(what)}); }

  /// Lets the time pass to the next deadline; `left` from now on it is due.
  std::vector<std::string> wait(std::chrono::milliseconds left) {
    if (session_.deadline() != now_ + left) {
      return {"the deadline is " +
              (session_.deadline() ? std::to_string(std::chrono::round<std::chrono::milliseconds>(
                                                        *session_.deadline() - now_)
                                                        .count()) +
                                         " ms from now"
                                   : std::string("none"))};
    }
    now_ += left;
    return handle(TimePassed{});
  }

  static Session make(Options options) {
    options.server = "wss://spider.example:8267";
    options.channel = "x";
    options.protocol = "Spider";
    return {std::move(options), [] { return 0.5; }};
  }

  void offer() {
    handle(Start{});
    handle(OfferReady{"O"});
    handle(SocketOpened{});
  }

  void registerSession(const Answer& answer = keeping("S")) {
    offer();
    hear(answer);
    handle(AnswerApplied{});
  }

  void connect(const Answer& answer = keeping("S")) {
    registerSession(answer);
    handle(PeerConnected{});
  }

  /// What the session's end was, after `event`.
  Error endOf(const Event& event) {
    EXPECT_THAT(handle(event), ElementsAre("hang up", "report closed", "finish with an error"));
    EXPECT_EQ(session_.deadline(), std::nullopt);
    EXPECT_THAT(handle(PeerConnected{}), IsEmpty()) << "after Finish nothing more comes";
    return error_.value_or(Error{});
  }

  Error endOnHearing(FromServer what) { return endOf(Heard{std::move(what)}); }

  Session session_ = make({});
  Time now_{1h};
  std::optional<Error> error_;
  std::string reason_;  ///< of the newest report
  int news_ = 0;        ///< reports of a reason that wasn't told yet
};

inline const std::string kOffer = "send offer O";
inline const Error kRefused{ErrorCode::kUnreachable, "connection refused"};

inline std::string candidateText(const std::string& line) {
  return "send candidate '" + line + "' of 0";
}

inline CandidateFound found(const std::string& line) { return {{line, "0", 0, {}}}; }

}  // namespace rtcpub::session
