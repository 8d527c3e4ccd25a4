const kFirstMs = 250;
const kLongestMs = 10_000;
/** The next attempt comes a tenth of the time later that the server has been away, at the most. */
const kFactor = 1.1;
/** A wait is that much shorter or longer than its mean, so that viewers don't come back all at once. */
const kJitter = 0.2;

/**
 * How long to wait before the next attempt, in ms, as the program does: 0.25 s at first, a tenth
 * longer each time, at most 10 s. `random` is from 0 to 1.
 */
export function backoffMs(failures: number, random: number): number {
  const mean = Math.min(kLongestMs, kFirstMs * kFactor ** failures);
  return mean * (1 - kJitter + 2 * kJitter * random);
}
