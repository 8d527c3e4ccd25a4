import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs } from './backoff.ts';

test('waits begin at 0.25 s and grow by a tenth, up to 10 s', () => {
  const waits = [0, 1, 2, 1000].map((failures) => backoffMs(failures, 0.5));
  assert.deepEqual(
    waits.map((wait) => Math.round(wait)),
    [250, 275, 303, 10_000],
  );
});

test('chance makes a wait a fifth shorter or longer', () => {
  assert.deepEqual(
    [0, 1].map((random) => Math.round(backoffMs(0, random))),
    [200, 300],
  );
});

test('a server that was away has its viewers back soon, however long it was', () => {
  for (let away = 100; away < 60_000; away += 100) {
    let at = 0;
    for (let failures = 0; at < away; failures++) at += backoffMs(failures, 1);
    assert.ok(at - away <= 300 + away / 10, `${away} ms away, back ${at - away} ms after`);
  }
});
