import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rates, snapshot } from './stats.ts';

const kVideo = {
  type: 'inbound-rtp',
  kind: 'video',
  timestamp: 1000,
  bytesReceived: 10_000,
  framesDecoded: 30,
  packetsReceived: 100,
  packetsLost: 2,
  frameWidth: 1280,
  frameHeight: 720,
  codecId: 'C1',
};
const kReport = [
  kVideo,
  { type: 'inbound-rtp', kind: 'audio', packetsReceived: 7 },
  { id: 'C1', type: 'codec', mimeType: 'video/H264' },
  { id: 'P0', type: 'candidate-pair', currentRoundTripTime: 9 },
  { id: 'P1', type: 'candidate-pair', currentRoundTripTime: 0.004 },
  { type: 'transport', selectedCandidatePairId: 'P1', bytesReceived: 5555 },
];

test('a report gives size, codec, round trip and counters', () => {
  const now = snapshot(kReport);
  assert.equal(now.codec, 'H264');
  assert.deepEqual([now.width, now.height], [1280, 720]);
  assert.equal(now.roundTripMs, 4);
  assert.equal(now.transportBytes, 5555);
  assert.equal(now.audioPackets, 7);
});

test('without transport statistics the selected pair counts', () => {
  const pair = { id: 'P', type: 'candidate-pair', currentRoundTripTime: 0.002, bytesReceived: 8 };
  for (const mark of [{ selected: true }, { nominated: true, state: 'succeeded' }]) {
    const now = snapshot([
      { ...pair, id: 'Q', currentRoundTripTime: 1 },
      { ...pair, ...mark },
    ]);
    assert.equal(now.roundTripMs, 2);
    assert.equal(now.transportBytes, 8);
  }
});

test('two reports give rates', () => {
  const later = {
    ...kVideo,
    timestamp: 3000,
    bytesReceived: 510_000,
    framesDecoded: 90,
    packetsReceived: 395,
    packetsLost: 7,
  };
  const result = rates(snapshot([kVideo]), snapshot([later]));
  assert.deepEqual(result, { fps: 30, kbps: 2000, loss: 5 / 300 });
});

test('packets that come late after all are no negative loss', () => {
  const later = { ...kVideo, timestamp: 2000, packetsReceived: 200, packetsLost: 0 };
  assert.equal(rates(snapshot([kVideo]), snapshot([later]))?.loss, 0);
});

test('no time between, or another stream, gives no rates', () => {
  const now = snapshot([kVideo]);
  assert.equal(rates(now, now), undefined);
  const fresh = snapshot([{ ...kVideo, timestamp: 2000, packetsReceived: 0 }]);
  assert.equal(rates(now, fresh), undefined);
});

test('an empty or strange report gives zeros and unknowns', () => {
  for (const report of [[], [{}], [{ type: 'inbound-rtp', kind: 'video', framesDecoded: 'x' }]]) {
    const now = snapshot(report);
    assert.equal(now.frames, 0);
    assert.equal(now.codec, undefined);
    assert.equal(now.roundTripMs, undefined);
  }
});
