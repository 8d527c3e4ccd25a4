#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sfu/transport/data_message.h"

namespace rtcpub::sfu {

/// What waits for one client, a queue for each sender and label. Whoever has got the least so far
/// is next, among senders as among the labels of one: nobody's flood delays another's messages by
/// more than the message that is being sent. Too much of one sender's, and the oldest of its
/// longest queue are dropped. Pure, one thread.
class FairQueue {
 public:
  /// What a message takes besides its data, about: many small ones are as heavy as few large ones.
  static constexpr std::size_t kOverhead = 256;
  using MayGo = std::function<bool(const DataMessage&)>;

  /// `maxBytes` of each sender's, with kOverhead for each message.
  explicit FairQueue(std::size_t maxBytes) : maxBytes_(maxBytes) {}

  /// How many messages were dropped for it.
  std::size_t push(DataMessage message);
  /// The next of those that may go, by their labels; null if there is none. Valid until push, pop
  /// or drop.
  [[nodiscard]] const DataMessage* next(const MayGo& mayGo);
  /// Removes what next() returned.
  void pop();
  /// Drops from the front of each queue what `tooOld` says; how many.
  std::size_t drop(const std::function<bool(const DataMessage&)>& tooOld);
  /// Drops all that `which` says, wherever it waits; how many.
  std::size_t dropAll(const std::function<bool(const DataMessage&)>& which);
  /// Drops all; how many.
  std::size_t clear();

  [[nodiscard]] bool empty() const { return senders_.empty(); }
  /// What waits of this sender's reliable messages, with kOverhead for each.
  [[nodiscard]] std::size_t reliableBytes(std::uint64_t sender) const;

 private:
  struct Flow {
    std::string label;
    std::uint64_t served = 0;
    std::size_t bytes = 0;
    std::deque<DataMessage> messages;
  };
  struct Sender {
    std::uint64_t id = 0;
    std::uint64_t served = 0;
    std::size_t bytes = 0;
    std::size_t reliableBytes = 0;
    std::uint64_t turn = 0;  // of the flow that was served last
    std::vector<Flow> flows;
  };

  Sender& sender(std::uint64_t id);
  static Flow& flow(Sender& sender, std::string_view label);
  static std::optional<std::size_t> nextFlow(const Sender& sender, const MayGo& mayGo);
  static void popFront(Sender& sender, Flow& flow);
  static void subtract(Sender& sender, Flow& flow, const DataMessage& message);
  void forgetEmpty();

  std::size_t maxBytes_;
  std::vector<Sender> senders_;  // those of whom something waits
  std::uint64_t turn_ = 0;       // of the sender that was served last
  std::size_t nextSender_ = 0;
  std::size_t nextFlow_ = 0;
};

}  // namespace rtcpub::sfu
