// Comparing clocks over the data channel `rtcpub.clock` (docs/protocol.md), so that delays are true
// across machines. All times are microseconds of some machine's monotonic clock.
import { asFields, asNumber, parseJson } from './json.ts';

export const kClockLabel = 'rtcpub.clock';
export const kClockIntervalMs = 1000;
const kWindowUs = 60_000_000;

interface Exchange {
  atUs: number;
  roundTripUs: number;
  /** The server's clock minus this page's. */
  offsetUs: number;
}

/** This page's monotonic clock. */
export function nowUs(): number {
  return performance.now() * 1000;
}

/**
 * The exchange with the least round trip of the last minute wins: half of its asymmetry is the
 * error that remains.
 */
export class ClockSync {
  private exchanges: Exchange[] = [];
  private publisherOffsetUs: number | undefined;

  /** The question to send about once a second. */
  request(nowUs: number): string {
    return JSON.stringify({ t0: Math.round(nowUs) });
  }

  /** Takes a message of the server's that arrived at `nowUs`; anything but a reply is ignored. */
  receive(text: string, nowUs: number): void {
    const fields = asFields(parseJson(text));
    const t0 = asNumber(fields?.['t0']);
    const t1 = asNumber(fields?.['t1']);
    if (t0 === undefined || t1 === undefined || t0 > nowUs) return;
    const roundTripUs = nowUs - t0;
    this.exchanges.push({ atUs: nowUs, roundTripUs, offsetUs: t1 - (t0 + nowUs) / 2 });
    this.exchanges = this.exchanges.filter((exchange) => nowUs - exchange.atUs <= kWindowUs);
    // Of the publisher's clock the server keeps the best estimate itself: the newest word counts,
    // and "null" means that it has none (any more).
    this.publisherOffsetUs = asNumber(fields?.['publisher_offset']);
  }

  /** What the publisher's clock shows at `nowUs` here; undefined while that isn't known. */
  publisherTimeUs(nowUs: number): number | undefined {
    const best = this.best(nowUs);
    if (!best || this.publisherOffsetUs === undefined) return undefined;
    return nowUs + best.offsetUs + this.publisherOffsetUs;
  }

  private best(nowUs: number): Exchange | undefined {
    return this.exchanges
      .filter((exchange) => nowUs - exchange.atUs <= kWindowUs)
      .reduce<
        Exchange | undefined
      >((best, next) => (best && best.roundTripUs <= next.roundTripUs ? best : next), undefined);
  }
}
