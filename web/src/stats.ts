// Figures of a running session, from the browser's statistics (W3C webrtc-stats).
import { asNumber, asString, type Fields } from './json.ts';

/** Counters at one moment. */
export interface Snapshot {
  /** ms, of any clock */
  at: number;
  bytes: number;
  frames: number;
  packets: number;
  lost: number;
  transportBytes: number;
  audioPackets: number;
  roundTripMs: number | undefined;
  width: number | undefined;
  height: number | undefined;
  codec: string | undefined;
}

/** What happened between two moments. */
export interface Rates {
  fps: number;
  kbps: number;
  /** 0 to 1 */
  loss: number;
}

export function snapshot(report: Iterable<Fields>): Snapshot {
  const entries = [...report];
  const inbound = (kind: string) =>
    entries.find((e) => e['type'] === 'inbound-rtp' && e['kind'] === kind);
  const byId = (id: unknown) => entries.find((entry) => id !== undefined && entry['id'] === id);
  const video = inbound('video');
  const transport = entries.find((entry) => entry['type'] === 'transport');
  const pair = byId(transport?.['selectedCandidatePairId']) ?? entries.find(isSelectedPair);
  const roundTrip = asNumber(pair?.['currentRoundTripTime']);
  return {
    at: asNumber(video?.['timestamp'] ?? transport?.['timestamp']) ?? 0,
    bytes: asNumber(video?.['bytesReceived']) ?? 0,
    frames: asNumber(video?.['framesDecoded']) ?? 0,
    packets: asNumber(video?.['packetsReceived']) ?? 0,
    lost: asNumber(video?.['packetsLost']) ?? 0,
    transportBytes: asNumber(transport?.['bytesReceived'] ?? pair?.['bytesReceived']) ?? 0,
    audioPackets: asNumber(inbound('audio')?.['packetsReceived']) ?? 0,
    roundTripMs: roundTrip === undefined ? undefined : roundTrip * 1000,
    width: asNumber(video?.['frameWidth']),
    height: asNumber(video?.['frameHeight']),
    codec: asString(byId(video?.['codecId'])?.['mimeType'])?.replace(/^video\//, ''),
  };
}

/** Undefined when the two are not one after the other of the same stream. */
export function rates(before: Snapshot, after: Snapshot): Rates | undefined {
  const seconds = (after.at - before.at) / 1000;
  const received = after.packets - before.packets;
  if (seconds <= 0 || received < 0) return undefined;
  // Late packets that still come are taken off the count of lost ones again.
  const lost = Math.max(0, after.lost - before.lost);
  return {
    fps: (after.frames - before.frames) / seconds,
    kbps: ((after.bytes - before.bytes) * 8) / 1000 / seconds,
    loss: received + lost > 0 ? lost / (received + lost) : 0,
  };
}

/** Firefox has no transport statistics, but marks the pair. */
function isSelectedPair(entry: Fields): boolean {
  return (
    entry['type'] === 'candidate-pair' &&
    (entry['selected'] === true || (entry['nominated'] === true && entry['state'] === 'succeeded'))
  );
}
