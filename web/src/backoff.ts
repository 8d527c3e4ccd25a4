const kFirstMs = 250;
const kLongestMs = 10_000;

/**
 * How long to wait before the next attempt, in ms: 0.25 s, doubled up to 10 s, of which up to a
 * quarter is taken off by `random` (0 to 1), so that many viewers don't come back at once.
 */
export function backoffMs(failures: number, random: number): number {
  const full = Math.min(kLongestMs, kFirstMs * 2 ** Math.min(failures, 16));
  return full * (1 - random / 4);
}
