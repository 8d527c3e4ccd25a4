import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OpenToAll } from './open_to_all.ts';

/** A page's data channels of tests. */
class Channels {
  readonly open = new Map<string, { readyState: string; close(): void }>();
  created = 0;
  readonly followed = new OpenToAll(
    (label) => {
      if (this.open.has(label)) return undefined;
      if (label.length > 100) throw new TypeError('the label is too long');
      const channel = { readyState: 'open', close: () => (channel.readyState = 'closed') };
      this.open.set(label, channel);
      this.created += 1;
      return channel;
    },
    (label) => this.open.delete(label),
  );
  labels(): string[] {
    return [...this.open.keys()];
  }
}

test('a page opens what is open to all, once', () => {
  const channels = new Channels();
  channels.followed.follow(['chat', 'horn']);
  channels.followed.follow(['chat', 'horn']);
  assert.deepEqual(channels.labels(), ['chat', 'horn']);
  assert.equal(channels.created, 2);
});

test('a page closes what is no longer open to all, and nothing else', () => {
  const channels = new Channels();
  channels.open.set('stream', { readyState: 'open', close: () => assert.fail('its own') });
  channels.followed.follow(['stream', 'chat']);
  const chat = channels.open.get('chat');
  channels.followed.follow([]);
  assert.deepEqual(channels.labels(), ['stream']);
  assert.equal(chat?.readyState, 'closed');
});

test('a page never has more than so many, however often others are named', () => {
  const channels = new Channels();
  for (let round = 0; round < 20; ++round) {
    channels.followed.follow(Array.from({ length: 100 }, (_, i) => `${round}-${i}`));
    assert.equal(channels.open.size, 32);
  }
});

test('a page opens again what was closed', () => {
  const channels = new Channels();
  channels.followed.follow(['chat']);
  channels.open.get('chat')?.close();
  channels.followed.follow(['chat']);
  assert.equal(channels.open.get('chat')?.readyState, 'open');
  assert.equal(channels.created, 2);
});

test('a label that can be none stops none of the others', () => {
  const channels = new Channels();
  channels.followed.follow(['a'.repeat(101), 'chat']);
  assert.deepEqual(channels.labels(), ['chat']);
});
