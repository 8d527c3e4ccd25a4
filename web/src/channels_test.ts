import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseChannels } from './channels.ts';

test('a full answer is read', () => {
  const publisher = { connected: true, codec: 'H264', kbps: 2010 };
  assert.deepEqual(parseChannels({ channels: [{ id: 'a', publisher, subscribers: 2 }] }), [
    { id: 'a', publisher: { codec: 'H264', kbps: 2010 }, subscribers: 2 },
  ]);
});

test('missing fields are unknown, a missing publisher is none', () => {
  const channels = [{ id: 'a', publisher: {} }, { id: 'b', publisher: null }, { id: 'c' }];
  assert.deepEqual(parseChannels({ channels }), [
    { id: 'a', publisher: { codec: undefined, kbps: undefined }, subscribers: 0 },
    { id: 'b', publisher: undefined, subscribers: 0 },
    { id: 'c', publisher: undefined, subscribers: 0 },
  ]);
});

test('a publisher that is not connected is none', () => {
  const [channel] = parseChannels({ channels: [{ id: 'a', publisher: { connected: false } }] });
  assert.equal(channel?.publisher, undefined);
});

test('nonsense is an empty list', () => {
  for (const value of [null, 7, 'x', [], {}, { channels: {} }, { channels: [1, null, {}, []] }]) {
    assert.deepEqual(parseChannels(value), []);
  }
});
