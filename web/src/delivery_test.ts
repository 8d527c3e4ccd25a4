import assert from 'node:assert/strict';
import { test } from 'node:test';
import { channelInit, kDeliveries, maySend } from './delivery.ts';

test('each delivery has its options', () => {
  assert.deepEqual(channelInit('reliable'), {});
  assert.deepEqual(channelInit('recent'), { ordered: false, maxPacketLifeTime: 300 });
  assert.deepEqual(channelInit('once'), { ordered: false, maxRetransmits: 0 });
});

test('what would wait is sent only if it must arrive', () => {
  for (const { name } of kDeliveries) {
    assert.equal(maySend(name, 0, false), true);
    assert.equal(maySend(name, 1, false), name === 'reliable');
    assert.equal(maySend(name, 0, true), name === 'reliable');
  }
});
