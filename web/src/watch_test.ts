import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Sample, type Verdict, Watch } from './watch.ts';

/** Judges `count` samples of which each brings `more` over the one before; returns the verdicts. */
function run(watch: Watch, from: Sample, more: Partial<Sample>, count: number): Verdict[] {
  const sample = { ...from };
  return Array.from({ length: count }, () => {
    sample.bytesReceived += more.bytesReceived ?? 0;
    sample.framesDecoded += more.framesDecoded ?? 0;
    return watch.judge({ ...sample });
  });
}

const kLive: Sample = { bytesReceived: 1000, framesDecoded: 30, picturesExpected: true };

test('a moving picture is alive', () => {
  const verdicts = run(new Watch(), kLive, { bytesReceived: 9, framesDecoded: 1 }, 60);
  assert.ok(verdicts.every((verdict) => verdict === 'alive'));
});

test('five samples without a byte are silence', () => {
  assert.deepEqual(run(new Watch(), kLive, {}, 6), [...Array(5).fill('alive'), 'silent']);
});

test('after a wake-up two are enough, until something comes', () => {
  const watch = new Watch();
  watch.judge(kLive);
  watch.wake();
  assert.deepEqual(run(watch, kLive, {}, 2), ['alive', 'silent']);
  const calm = new Watch();
  calm.wake();
  run(calm, kLive, { bytesReceived: 1 }, 2);
  assert.deepEqual(run(calm, { ...kLive, bytesReceived: 1002 }, {}, 3), Array(3).fill('alive'));
});

test('a picture that stops while data goes on is stalled', () => {
  const verdicts = run(new Watch(), kLive, { bytesReceived: 9 }, 7);
  assert.deepEqual(verdicts, ['alive', 'alive', ...Array(4).fill('still'), 'stalled']);
});

test('a picture that never came, or whose publisher has left, is not stalled', () => {
  const none = { ...kLive, framesDecoded: 0 };
  const left = { ...kLive, picturesExpected: false };
  for (const from of [none, left]) {
    const verdicts = run(new Watch(), from, { bytesReceived: 9 }, 60);
    assert.ok(verdicts.every((verdict) => verdict === 'alive'));
  }
});
