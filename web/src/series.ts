/** The recent past of one number: bounded in time and in points, for a plot. Times in seconds. */
export class Series {
  readonly times: number[] = [];
  /** null is a gap */
  readonly values: (number | null)[] = [];
  private last: number | undefined;

  constructor(
    private readonly spanSeconds: number,
    private readonly maxPoints: number,
  ) {}

  /** `time` never runs backwards. */
  add(time: number, value: number): void {
    this.last = value;
    this.push(time, value);
  }

  /** What comes next doesn't join on to what came before. */
  interrupt(time: number): void {
    const isGap = (this.values[this.values.length - 1] ?? null) === null;
    if (!isGap) this.push(time, null);
  }

  get latest(): number | undefined {
    return this.last;
  }

  private push(time: number, value: number | null): void {
    this.times.push(time);
    this.values.push(value);
    this.forget(time);
  }

  private forget(now: number): void {
    // The last point before the window stays: the line enters the plot from it.
    let drop = Math.max(0, this.times.length - this.maxPoints);
    while ((this.times[drop + 1] ?? now) < now - this.spanSeconds) drop++;
    // In blocks, since taking from the front of an array moves the rest.
    if (drop < this.maxPoints / 16 && this.times.length <= this.maxPoints) return;
    this.times.splice(0, drop);
    this.values.splice(0, drop);
  }
}

/** Less than this share of a value is noise: 7.364 V and 7.368 V are the same height. */
const kNoise = 0.02;

/** The axis for values from `min` to `max`: with room around them, and not as small as their noise. */
export function valueRange(min: number, max: number): [from: number, to: number] {
  if (!Number.isFinite(min) || !Number.isFinite(max)) return [0, 1];
  const least = kNoise * Math.max(Math.abs(min), Math.abs(max)) || 1;
  const half = Math.max((max - min) * 0.6, least / 2);
  const middle = min + (max - min) / 2;
  return [middle - half, middle + half];
}
