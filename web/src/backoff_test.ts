import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs } from './backoff.ts';

test('the wait begins at 0.25 s, doubles and stops at 10 s', () => {
  const waits = [0, 1, 2, 5, 6, 1000].map((failures) => backoffMs(failures, 0));
  assert.deepEqual(waits, [250, 500, 1000, 8000, 10_000, 10_000]);
});

test('up to a quarter is taken off by chance', () => {
  assert.equal(backoffMs(0, 1), 187.5);
  assert.equal(backoffMs(9, 0.5), 8750);
});
