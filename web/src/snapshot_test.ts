import assert from 'node:assert/strict';
import { test } from 'node:test';
import { snapshotName } from './snapshot.ts';

test('a snapshot is named after the channel and the time, as files may be called everywhere', () => {
  const time = new Date(2026, 0, 2, 3, 4, 5, 6);
  assert.equal(snapshotName('car-1', time), 'car-1_2026-01-02_03-04-05.006.png');
});

test('later snapshots come later in a folder', () => {
  const names = [0, 1, 999, 1000, 60_000, 86_400_000, 3e10].map((ms) =>
    snapshotName('x', new Date(2026, 8, 9, 9, 9, 9, 0 + ms)),
  );
  assert.deepEqual([...names].sort(), names);
});
