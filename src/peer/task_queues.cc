#include "peer/task_queues.h"

#include <pthread.h>

#include <utility>

#include "absl/strings/string_view.h"
#include "api/task_queue/default_task_queue_factory.h"

namespace rtcpub::peer {
namespace {

using Queue = std::unique_ptr<webrtc::TaskQueueBase, webrtc::TaskQueueDeleter>;

/// The queues that compute for milliseconds, by libwebrtc's names for them.
bool isHeavy(absl::string_view name) { return name == "EncoderQueue" || name == "DecodingQueue"; }

/// Runs on: any thread.
class TaskQueues final : public webrtc::TaskQueueFactory {
 public:
  Queue CreateTaskQueue(absl::string_view name, Priority priority) const override {
    Queue queue = wrapped_->CreateTaskQueue(name, priority);
    if (isHeavy(name)) {
      queue->PostTask([] {
        const sched_param ordinary{};
        pthread_setschedparam(pthread_self(), SCHED_OTHER, &ordinary);
      });
    }
    return queue;
  }

 private:
  const std::unique_ptr<webrtc::TaskQueueFactory> wrapped_ =
      webrtc::CreateDefaultTaskQueueFactory();
};

}  // namespace

std::unique_ptr<webrtc::TaskQueueFactory> makeTaskQueues() {
  return std::make_unique<TaskQueues>();
}

}  // namespace rtcpub::peer
