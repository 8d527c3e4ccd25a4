// Whether the picture is live, judged by when its frames come. All times are ms of one clock.

/** A frame that none has followed for so long is old. */
const kLimitMs = 300;
/** Of a slow source it is old after so many of its usual intervals: a camera of 2 fps isn't frozen. */
const kIntervals = 2.5;
/** Nothing makes a frame live for longer, and it is the limit while the rhythm isn't known yet. */
const kLongestMs = 3000;
/** The median of so many intervals is the usual one: it forgets single gaps, and learns in three. */
const kRemembered = 5;
/** After the picture comes into sight: the browser shows no frame at once. */
const kRevealMs = 1000;
/** A page that looks later than this was held up itself, and may find the next frame a moment later. */
const kHeldUpMs = 100;
/** What the robot says while its picture is old means for so long that it lives. */
const kHeardMs = 3000;

/**
 * `seen`: each frame is told of. `counted`: the browser shows none, since the picture is scrolled
 * away say, but its count of decoded ones is known. `hidden`: likewise, and nobody looks.
 */
export type Sight = 'seen' | 'counted' | 'hidden';

/** Tells a live picture from one that stands still. */
export class Freshness {
  private shownAt: number | undefined;
  private heardAt = -Infinity;
  private intervals: number[] = [];
  /** The next interval is none of the source's. */
  private broken = false;
  private isOld = false;
  private frames = 0;
  /** Before this it isn't judged. */
  private excusedUntil = -Infinity;
  /** The frame for which the page has been excused once. */
  private excusedFor: number | undefined;

  constructor(private sight: Sight) {}

  /** A frame is on the screen. */
  shown(at: number): void {
    if (this.shownAt !== undefined && !this.broken) this.learn(at - this.shownAt);
    this.shownAt = at;
    this.broken = this.isOld = false;
  }

  /** How many frames were decoded so far; about once a second. It counts where none is seen. */
  decoded(at: number, frames: number): void {
    const more = frames > this.frames;
    this.frames = frames;
    if (!more || this.sight === 'seen') return;
    this.broken = true; // seconds are no rhythm of the source's
    this.shown(at);
  }

  /** A message of the robot's has come. */
  heard(at: number): void {
    this.heardAt = at;
  }

  /** The picture comes into sight, or out of it. */
  look(at: number, sight: Sight): void {
    if (sight === this.sight) return;
    this.sight = sight;
    this.broken = true;
    this.excusedUntil = at + (sight === 'seen' ? kRevealMs : kLongestMs);
  }

  /** The picture is another stream's from now on, and none of it is there yet. */
  forget(): void {
    this.shownAt = undefined;
    this.intervals = [];
    this.isOld = false;
    this.frames = 0;
    this.heardAt = -Infinity;
  }

  /** Whether the picture is old. Without one, or while nobody looks, nothing changes. */
  judge(at: number): boolean {
    const due = this.dueAt();
    if (due === undefined || at < due) return this.isOld;
    if (at - due > kHeldUpMs && this.excusedFor !== this.shownAt) {
      this.excusedFor = this.shownAt;
      this.excusedUntil = at + kHeldUpMs;
    } else {
      this.isOld = true;
    }
    return this.isOld;
  }

  /** When to judge next; undefined while that makes no sense, or it is old already. */
  dueAt(): number | undefined {
    if (this.shownAt === undefined || this.sight === 'hidden' || this.isOld) return undefined;
    return Math.max(this.shownAt + this.limitMs(), this.excusedUntil);
  }

  /** How long ago the frame on the screen came there; undefined without one. */
  ageMs(at: number): number | undefined {
    return this.shownAt === undefined ? undefined : at - this.shownAt;
  }

  /** The picture is old, and the robot says nothing either: it may be frozen as a whole. */
  isSilent(at: number): boolean {
    if (!this.isOld || this.shownAt === undefined) return false;
    const saidSince = this.heardAt > this.shownAt + kLimitMs;
    return !saidSince || at - this.heardAt > kHeardMs;
  }

  private limitMs(): number {
    if (this.sight !== 'seen' || this.intervals.length < kRemembered) return kLongestMs;
    const usual = [...this.intervals].sort((a, b) => a - b)[kRemembered >> 1] ?? 0;
    return Math.min(kLongestMs, Math.max(kLimitMs, kIntervals * usual));
  }

  private learn(interval: number): void {
    if (interval > kLongestMs) return; // a break, not a rhythm
    this.intervals.push(interval);
    if (this.intervals.length > kRemembered) this.intervals.shift();
  }
}
