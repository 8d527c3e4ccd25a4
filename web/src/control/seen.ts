/** What is shown later than this after it was told of is no promise of the compositor's. */
const kLongestAheadMs = 100;
const kMostWaiting = 8;

interface Frame {
  rtp: number | undefined;
  visibleAt: number;
}

/**
 * Which picture is on the driver's screen. Browsers tell of a frame when they compose it, some
 * milliseconds before it can be seen. Times in ms of one clock.
 */
export class Seen {
  private waiting: Frame[] = [];
  private visible: Frame | undefined;

  /** A frame is being composed; `expectedAt` is when it can be seen, where the browser says so (Safari doesn't). */
  composed(rtp: number | undefined, now: number, expectedAt: number | undefined): void {
    const ahead = Number.isFinite(expectedAt) ? (expectedAt as number) - now : 0;
    const visibleAt = now + Math.min(kLongestAheadMs, Math.max(0, ahead));
    this.waiting.push({ rtp, visibleAt });
    if (this.waiting.length > kMostWaiting) this.waiting.shift();
  }

  /** The picture is another stream's from now on, and none of it is there yet. */
  forget(): void {
    this.waiting = [];
    this.visible = undefined;
  }

  /** The RTP timestamp of the picture that can be seen; undefined when there is none, or it isn't known. */
  rtp(now: number): number | undefined {
    return this.current(now)?.rtp;
  }

  /** For how long it has been there; undefined without one. */
  ageMs(now: number): number | undefined {
    const frame = this.current(now);
    return frame && now - frame.visibleAt;
  }

  private current(now: number): Frame | undefined {
    while (this.waiting[0] && this.waiting[0].visibleAt <= now) this.visible = this.waiting.shift();
    return this.visible;
  }
}
