import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slowed, together } from './wish.ts';

const input = (steering: number, throttle: number, atRest = false) => ({
  axes: { steering, throttle },
  atRest,
});

test('of several things that one drives with the strongest counts on each axis', () => {
  const all = together([input(0.2, -1), input(-0.5, 0.3), input(0, 0, true)]);
  assert.deepEqual(all, input(-0.5, -1));
});

test('all are at rest when each is, and nothing at all is at rest', () => {
  assert.equal(together([input(0, 0, true), input(0, 0, false)]).atRest, false);
  assert.deepEqual(together([]), input(0, 0, true));
});

test('a lower top speed leaves steering as it is', () => {
  assert.deepEqual(slowed({ steering: 1, throttle: -1 }, 0.3), { steering: 1, throttle: -0.3 });
});
