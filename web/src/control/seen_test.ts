import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Seen } from './seen.ts';

test('a picture is seen from when it is visible, not from when it is composed', () => {
  const seen = new Seen();
  assert.equal(seen.rtp(0), undefined);
  seen.composed(100, 1000, 1016);
  assert.equal(seen.rtp(1010), undefined);
  assert.equal(seen.rtp(1016), 100);
  seen.composed(200, 1030, 1050);
  assert.equal(seen.rtp(1049), 100);
  assert.deepEqual([seen.rtp(1050), seen.ageMs(1060)], [200, 10]);
});

test('a browser that doesn’t say when is believed to show it now', () => {
  const seen = new Seen();
  for (const [at, expected] of [
    [1000, undefined],
    [2000, NaN],
    [3000, 500],
  ] as const) {
    seen.composed(at, at, expected);
    assert.equal(seen.rtp(at), at);
  }
  seen.composed(9, 4000, 99_000);
  assert.equal(seen.rtp(4100), 9);
});

test('a picture whose number isn’t told is a picture', () => {
  const seen = new Seen();
  seen.composed(undefined, 0, 0);
  assert.deepEqual([seen.rtp(5), seen.ageMs(5)], [undefined, 5]);
});

test('another stream’s pictures don’t count', () => {
  const seen = new Seen();
  seen.composed(1, 0, 0);
  seen.composed(2, 0, 50);
  seen.forget();
  assert.deepEqual([seen.rtp(100), seen.ageMs(100)], [undefined, undefined]);
});

test('many frames at once keep the newest', () => {
  const seen = new Seen();
  for (let rtp = 0; rtp < 100; ++rtp) seen.composed(rtp, 0, 50);
  assert.equal(seen.rtp(50), 99);
});
