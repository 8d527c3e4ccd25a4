import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIceServers } from './ice.ts';

test('servers are read with one URL or many', () => {
  const turn = { urls: ['turn:a:1?transport=udp'], username: 'u', credential: 'c' };
  const read = parseIceServers({ iceServers: [turn, { urls: 'stun:b' }], ttl: 60 });
  assert.deepEqual(read, [turn, { urls: ['stun:b'] }]);
});

test('what would make the browser refuse them all is left out', () => {
  const bad = [7, {}, { urls: [] }, { urls: 'http://a' }, { urls: ['turn:a'] }, { urls: [null] }];
  assert.deepEqual(parseIceServers({ iceServers: [...bad, { urls: ['stun:b', 7] }] }), [
    { urls: ['stun:b'] },
  ]);
});

test('an answer that is none has no servers', () => {
  for (const value of [undefined, null, [], {}, { iceServers: 'x' }]) {
    assert.deepEqual(parseIceServers(value), []);
  }
});
