// Comparing clocks over the data channel `rtcpub.clock` (docs/protocol.md), so that delays are true
// across machines. All times are microseconds of some machine's monotonic clock.
import { asFields, asNumber, parseJson } from './json.ts';

export const kClockLabel = 'rtcpub.clock';
export const kClockIntervalMs = 1000;
const kWindowUs = 60_000_000;
/** Clocks of two machines that run freely: parts of one. */
const kDrift = 100e-6;
/** Browsers round their clock to as much (Firefox). */
const kGrainUs = 1000;
/** Replies that are further apart than both round trips explain, and this: a clock was set. */
const kStepUs = 5000;

interface Exchange {
  atUs: number;
  roundTripUs: number;
  /** The server's clock minus this page's. */
  offsetUs: number;
}

/** What the server's clock shows, and by how much that may be wrong. */
export interface ServerTime {
  serverUs: number;
  boundUs: number;
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
    const newer = { atUs: nowUs, roundTripUs: nowUs - t0, offsetUs: t1 - (t0 + nowUs) / 2 };
    const kept = this.exchanges.filter((exchange) => nowUs - exchange.atUs <= kWindowUs);
    this.exchanges = kept.some((older) => contradict(older, newer)) ? [newer] : [...kept, newer];
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

  /** What the server's clock shows at `nowUs` here; undefined while that isn't known. */
  serverTime(nowUs: number): ServerTime | undefined {
    const best = this.best(nowUs);
    if (!best) return undefined;
    const drift = kDrift * Math.max(0, nowUs - best.atUs);
    return { serverUs: nowUs + best.offsetUs, boundUs: best.roundTripUs / 2 + kGrainUs + drift };
  }

  private best(nowUs: number): Exchange | undefined {
    return this.exchanges
      .filter((exchange) => nowUs - exchange.atUs <= kWindowUs)
      .reduce<
        Exchange | undefined
      >((best, next) => (best && best.roundTripUs <= next.roundTripUs ? best : next), undefined);
  }
}

/** The truth is within half a round trip of each reply: where the two leave none, a clock isn't what it was. */
function contradict(older: Exchange, newer: Exchange): boolean {
  const halves = (older.roundTripUs + newer.roundTripUs) / 2;
  const drift = kDrift * Math.max(0, newer.atUs - older.atUs);
  return Math.abs(newer.offsetUs - older.offsetUs) > halves + drift + kStepUs;
}
