#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

/// What a stranger may send, made as long as is wanted, and who reads it.
namespace rtcpub::bench {

struct Case {
  std::string name;
  std::string thread;  ///< on which the server reads it
  std::function<std::string(std::size_t size)> make;
  /// Whether it was taken.
  std::function<bool(const std::string& text)> read;
};

/// Offers, read on the signalling thread.
std::vector<Case> offerCases();
/// The answers to them, made on the media thread.
std::vector<Case> answerCases();
std::vector<Case> textCases();      ///< JSON, URLs, headers
std::vector<Case> datagramCases();  ///< STUN, TURN, RTCP, RTP, data channels

std::string repeated(const std::string& text, std::size_t size);

}  // namespace rtcpub::bench
