#include "sfu/transport/fair_queue.h"

#include <algorithm>
#include <utility>

#include "core/data/delivery.h"

namespace rtcpub::sfu {
namespace {

std::size_t weight(const DataMessage& message) {
  return message.data.size() + FairQueue::kOverhead;
}

}  // namespace

FairQueue::Sender& FairQueue::sender(std::uint64_t id) {
  const auto found =
      std::find_if(senders_.begin(), senders_.end(), [id](const Sender& s) { return s.id == id; });
  if (found != senders_.end()) return *found;
  // One that comes now has no claim on what others got before.
  return senders_.emplace_back(Sender{.id = id, .served = turn_});
}

FairQueue::Flow& FairQueue::flow(Sender& sender, std::string_view label) {
  const auto found = std::find_if(sender.flows.begin(), sender.flows.end(),
                                  [label](const Flow& f) { return f.label == label; });
  if (found != sender.flows.end()) return *found;
  return sender.flows.emplace_back(Flow{.label = std::string(label), .served = sender.turn});
}

std::size_t FairQueue::push(DataMessage message) {
  Sender& from = sender(message.sender);
  Flow& to = flow(from, message.label);
  const std::size_t bytes = weight(message);
  from.bytes += bytes;
  to.bytes += bytes;
  if (delivery::isReliable(message.options)) from.reliableBytes += bytes;
  to.messages.push_back(std::move(message));
  std::size_t dropped = 0;
  for (; from.bytes > maxBytes_; ++dropped) {
    popFront(from,
             *std::max_element(from.flows.begin(), from.flows.end(),
                               [](const Flow& a, const Flow& b) { return a.bytes < b.bytes; }));
  }
  if (dropped > 0) forgetEmpty();
  return dropped;
}

const DataMessage* FairQueue::next(const MayGo& mayGo) {
  const DataMessage* best = nullptr;
  for (std::size_t s = 0; s < senders_.size(); ++s) {
    if (best != nullptr && senders_[s].served >= senders_[nextSender_].served) continue;
    const auto flow = nextFlow(senders_[s], mayGo);
    if (!flow) continue;
    nextSender_ = s;
    nextFlow_ = *flow;
    best = &senders_[s].flows[*flow].messages.front();
  }
  return best;
}

std::optional<std::size_t> FairQueue::nextFlow(const Sender& sender, const MayGo& mayGo) {
  std::optional<std::size_t> best;
  for (std::size_t f = 0; f < sender.flows.size(); ++f) {
    if (best && sender.flows[f].served >= sender.flows[*best].served) continue;
    if (mayGo(sender.flows[f].messages.front())) best = f;
  }
  return best;
}

void FairQueue::pop() {
  Sender& from = senders_[nextSender_];
  Flow& to = from.flows[nextFlow_];
  const std::size_t bytes = weight(to.messages.front());
  turn_ = from.served;
  from.served += bytes;
  from.turn = to.served;
  to.served += bytes;
  popFront(from, to);
  if (to.messages.empty()) forgetEmpty();
}

void FairQueue::popFront(Sender& sender, Flow& flow) {
  subtract(sender, flow, flow.messages.front());
  flow.messages.pop_front();
}

void FairQueue::subtract(Sender& sender, Flow& flow, const DataMessage& message) {
  const std::size_t bytes = weight(message);
  sender.bytes -= bytes;
  flow.bytes -= bytes;
  if (delivery::isReliable(message.options)) sender.reliableBytes -= bytes;
}

void FairQueue::forgetEmpty() {
  for (auto& from : senders_) {
    std::erase_if(from.flows, [](const Flow& f) { return f.messages.empty(); });
  }
  std::erase_if(senders_, [](const Sender& s) { return s.flows.empty(); });
}

std::size_t FairQueue::drop(const std::function<bool(const DataMessage&)>& tooOld) {
  std::size_t dropped = 0;
  for (auto& from : senders_) {
    for (auto& queue : from.flows) {
      for (; !queue.messages.empty() && tooOld(queue.messages.front()); ++dropped) {
        popFront(from, queue);
      }
    }
  }
  if (dropped > 0) forgetEmpty();
  return dropped;
}

std::size_t FairQueue::dropAll(const std::function<bool(const DataMessage&)>& which) {
  std::size_t dropped = 0;
  for (auto& from : senders_) {
    for (auto& queue : from.flows) {
      dropped += std::erase_if(queue.messages, [&](const DataMessage& message) {
        if (!which(message)) return false;
        subtract(from, queue, message);
        return true;
      });
    }
  }
  if (dropped > 0) forgetEmpty();
  return dropped;
}

std::size_t FairQueue::clear() {
  const std::size_t dropped = drop([](const DataMessage&) { return true; });
  senders_.clear();
  return dropped;
}

std::size_t FairQueue::reliableBytes(std::uint64_t sender) const {
  const auto found = std::find_if(senders_.begin(), senders_.end(),
                                  [sender](const Sender& s) { return s.id == sender; });
  return found == senders_.end() ? 0 : found->reliableBytes;
}

}  // namespace rtcpub::sfu
