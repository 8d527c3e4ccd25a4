import { Freshness, type Sight } from './freshness.ts';

/** How often the age of an old picture is told. */
const kTellEveryMs = 100;

/** What is on the screen. */
export interface Liveness {
  /** How old the picture is, in ms; undefined while it is live, or there is none. */
  oldMs: number | undefined;
  /** The robot says nothing either. */
  silent: boolean;
}

/** Watches what a video element shows. */
export class PictureWatch {
  private readonly freshness = new Freshness('hidden');
  private readonly seesFrames: boolean;
  private inView = true;
  private timer: number | undefined;

  /** `tell` is called when the picture becomes old or live, and again and again while it is old. */
  constructor(
    private readonly video: HTMLVideoElement,
    private readonly tell: (liveness: Liveness) => void,
  ) {
    this.seesFrames = 'requestVideoFrameCallback' in video;
    if (this.seesFrames) this.awaitFrame();
    this.onSight();
    document.addEventListener('visibilitychange', () => this.onSight());
    // Out of view Chromium pauses a muted video that began by itself, and tells of no frame then.
    new IntersectionObserver((entries) => {
      this.inView = entries[entries.length - 1]?.isIntersecting ?? true;
      this.onSight();
    }).observe(video);
  }

  /** How many frames were decoded so far, about once a second. */
  decoded(frames: number): void {
    this.freshness.decoded(performance.now(), frames);
    this.look();
  }

  /** The robot has said something. */
  heard(): void {
    this.freshness.heard(performance.now());
  }

  /** Another stream is attached. */
  forget(): void {
    this.freshness.forget();
    this.look();
  }

  private awaitFrame(): void {
    this.video.requestVideoFrameCallback(() => {
      // One more comes when a stream ends, with nothing new in it.
      if (!this.hasEnded()) this.onFrame();
      this.awaitFrame();
    });
  }

  private onFrame(): void {
    const wasLooking = this.freshness.dueAt() !== undefined;
    this.freshness.shown(performance.now());
    // A timer that runs finds the later deadline by itself.
    if (!wasLooking) this.look();
  }

  private hasEnded(): boolean {
    const stream = this.video.srcObject;
    return (
      stream instanceof MediaStream && stream.getTracks().every((t) => t.readyState === 'ended')
    );
  }

  private onSight(): void {
    this.freshness.look(performance.now(), this.sight());
    this.look();
  }

  private sight(): Sight {
    if (document.visibilityState === 'hidden') return 'hidden';
    return this.seesFrames && this.inView ? 'seen' : 'counted';
  }

  private look(): void {
    window.clearTimeout(this.timer);
    const now = performance.now();
    const old = this.freshness.judge(now);
    const oldMs = old ? this.freshness.ageMs(now) : undefined;
    this.tell({ oldMs, silent: this.freshness.isSilent(now) });
    this.lookAgain(now, old);
  }

  private lookAgain(now: number, old: boolean): void {
    if (document.visibilityState === 'hidden') return;
    const due = old ? now + kTellEveryMs : this.freshness.dueAt();
    if (due !== undefined)
      this.timer = window.setTimeout(() => this.look(), Math.max(1, due - now));
  }
}
