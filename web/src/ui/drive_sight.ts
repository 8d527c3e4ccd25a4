import { Seen } from '../control/seen.ts';

/** So often one looks where the browser doesn't tell of each frame. */
const kLookMs = 30;

/**
 * Which picture is on the screen, by its RTP timestamp. Chromium, Firefox and Safari tell of each frame
 * by requestVideoFrameCallback, and have `rtpTimestamp` there; an older browser is asked for the newest
 * frame that its receiver handed on.
 */
export class DriveSight {
  private readonly seen = new Seen();
  private latestRtp: number | undefined;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly newestRtp: () => number | undefined,
  ) {}

  start(): void {
    if ('requestVideoFrameCallback' in this.video) this.awaitFrame();
    else window.setInterval(() => this.look(), kLookMs);
  }

  rtp(now: number): number | undefined {
    return this.seen.rtp(now);
  }

  ageMs(now: number): number | undefined {
    return this.seen.ageMs(now);
  }

  /** The picture is another stream's. */
  forget(): void {
    this.latestRtp = undefined;
    this.seen.forget();
  }

  private awaitFrame(): void {
    this.video.requestVideoFrameCallback((_, frame) => {
      this.onFrame(frame.rtpTimestamp ?? this.newestRtp(), frame.expectedDisplayTime);
      this.awaitFrame();
    });
  }

  private onFrame(rtp: number | undefined, expectedAt: number | undefined): void {
    // One more comes when a stream ends, with nothing new in it.
    if (rtp !== undefined && rtp === this.latestRtp) return;
    this.latestRtp = rtp;
    this.seen.composed(rtp, performance.now(), expectedAt);
  }

  /** A frame that is there and is another than before was shown meanwhile. */
  private look(): void {
    const rtp = this.newestRtp();
    if (rtp !== undefined) this.onFrame(rtp, undefined);
  }
}
