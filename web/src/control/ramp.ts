/** Follows a key, which is on or off: on by and by, from a first step that is felt at once; off at once. */
export class Ramp {
  private direction = 0;
  private since = 0;

  constructor(private readonly course: { first: number; fullAfterMs: number }) {}

  /** `wish` is -1, 0 or 1; `now` in ms. What holds now, -1 to 1. */
  follow(wish: number, now: number): number {
    const direction = Math.sign(wish);
    if (direction !== this.direction) {
      this.direction = direction;
      this.since = now;
    }
    const { first, fullAfterMs } = this.course;
    const share = Math.min(1, Math.max(0, (now - this.since) / fullAfterMs));
    return direction === 0 ? 0 : direction * (first + (1 - first) * share);
  }
}
