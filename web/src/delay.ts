import { nowUs } from './clock.ts';
import { ageUs, kStampHeight, kStampWidth, lumaOf, type Luma, StampReader } from './stamp.ts';

const kReadIntervalMs = 100;
const kMemoryMs = 1000;
/** Anything outside is no delay, but a foreign clock or a pattern that looks like a stamp. */
const kPlausibleMs = { from: -20, to: 30_000 } as const;

/**
 * The true delay of the picture: from the capture of a frame, which its stamp tells, to the moment
 * it is on the screen (`expectedDisplayTime`: when the frame, being composed now, becomes visible).
 *
 * Frames without a stamp have no delay here. The callback's `captureTime` looks like one, but is
 * not true behind a server: browsers derive it from sender reports and the round trip to the peer
 * that sent them, which is the server, so the way from the publisher to the server is left out.
 */
export class DelayMeter {
  private readonly reader = new StampReader();
  private readonly canvas = document.createElement('canvas');
  private readonly context = this.canvas.getContext('2d', { willReadFrequently: true });
  private readings: { at: number; ms: number }[] = [];
  private lastRead = 0;

  /** `publisherTimeUs` converts a time of this page's clock into the publisher's. */
  constructor(
    private readonly video: HTMLVideoElement,
    private readonly publisherTimeUs: (nowUs: number) => number | undefined,
  ) {
    if (!('requestVideoFrameCallback' in video)) return;
    const onFrame: VideoFrameRequestCallback = (now, frame) => {
      if (now - this.lastRead >= kReadIntervalMs) {
        this.lastRead = now;
        this.readFrame(visibleAt(frame, now));
      }
      video.requestVideoFrameCallback(onFrame);
    };
    video.requestVideoFrameCallback(onFrame);
  }

  /**
   * The median of the last second, in ms; undefined when it can't be told. The median, since a page
   * that is late may read the pixels of the next frame already.
   */
  delayMs(): number | undefined {
    const now = performance.now();
    this.readings = this.readings.filter((reading) => now - reading.at <= kMemoryMs);
    const sorted = this.readings.map((reading) => reading.ms).sort((a, b) => a - b);
    return sorted[sorted.length >> 1];
  }

  /** The picture has gone. */
  forget(): void {
    this.readings = [];
  }

  private readFrame(visibleAtMs: number): void {
    const clockUs = this.publisherTimeUs(visibleAtMs * 1000);
    if (clockUs === undefined) return;
    const luma = this.topLeft();
    const stamp = luma && this.reader.read(luma);
    if (!stamp) return;
    const ms = ageUs(stamp, clockUs) / 1000;
    if (ms < kPlausibleMs.from || ms > kPlausibleMs.to) return;
    this.readings.push({ at: nowUs() / 1000, ms: Math.max(0, ms) });
  }

  private topLeft(): Luma | undefined {
    const width = Math.min(kStampWidth, this.video.videoWidth);
    const height = Math.min(kStampHeight, this.video.videoHeight);
    if (!this.context || width === 0 || height === 0) return undefined;
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    this.context.drawImage(this.video, 0, 0, width, height, 0, 0, width, height);
    return lumaOf(this.context.getImageData(0, 0, width, height));
  }
}

/** When a frame can be seen, in ms of this page's clock. Safari doesn't say: then it is now. */
function visibleAt(frame: Partial<VideoFrameCallbackMetadata>, now: number): number {
  return Math.max(frame.expectedDisplayTime ?? now, frame.presentationTime ?? now);
}
