// What browsers let a page do with what it receives (W3C webrtc-pc section 5.3).

/** Asks for no buffering beyond what decoding needs; each browser knows one of the two. */
export function playAtOnce(receiver: RTCRtpReceiver): void {
  const tunable = receiver as { jitterBufferTarget?: number | null; playoutDelayHint?: number };
  if ('jitterBufferTarget' in tunable) tunable.jitterBufferTarget = 0;
  if ('playoutDelayHint' in tunable) tunable.playoutDelayHint = 0;
}

/** The RTP timestamp of the newest frame of video that was handed on to be shown. */
export function newestRtp(receivers: readonly RTCRtpReceiver[]): number | undefined {
  const video = receivers.filter(({ track }) => track.kind === 'video');
  const sources = video.flatMap((receiver) => receiver.getSynchronizationSources());
  const [newest] = sources.sort((a, b) => b.timestamp - a.timestamp);
  return newest?.rtpTimestamp;
}
