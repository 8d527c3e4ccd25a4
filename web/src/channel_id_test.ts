import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isChannelId } from './channel_id.ts';

test('an xid and a typed name are channel ids', () => {
  for (const id of ['c40hipepjh65aeq6ndj0', 'my-robot_2', 'a', 'x'.repeat(64)]) {
    assert.ok(isChannelId(id), id);
  }
});

test('anything with other characters or lengths is not', () => {
  for (const id of ['', 'x'.repeat(65), 'a b', 'a/b', '<b>', 'ü', 'a\n', '../x']) {
    assert.ok(!isChannelId(id), id);
  }
});
