import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as spider from './spider.ts';

const joins = (data: unknown) => JSON.stringify({ type: 'joins', data: JSON.stringify(data) });

test('a page over TLS dials wss, another one ws, on the same host', () => {
  const url = spider.subscriberUrl({ protocol: 'https:', host: 'robot.example:8267' }, 'a-b');
  assert.equal(url, 'wss://robot.example:8267/live/ws/sub?channel=a-b');
  const plain = spider.subscriberUrl({ protocol: 'http:', host: '[::1]:80' }, 'a&b');
  assert.equal(plain, 'ws://[::1]:80/live/ws/sub?channel=a%26b');
});

test('an answer and an offer bring their SDP', () => {
  assert.deepEqual(spider.parse('{"type":"answer","data":"v=0"}'), { type: 'answer', sdp: 'v=0' });
  assert.deepEqual(spider.parse('{"type":"offer","data":"v=0"}'), { type: 'offer', sdp: 'v=0' });
});

test('both styles of candidates are understood', () => {
  const candidate = 'candidate:1 1 udp 1 192.0.2.1 8268 typ host';
  const expected = { type: 'candidate', candidate: { candidate, sdpMLineIndex: 0 } };
  for (const data of [candidate, `a=${candidate}`]) {
    assert.deepEqual(spider.parse(JSON.stringify({ type: 'candidate', data })), expected);
  }
  const init = { candidate, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'x' };
  const parsed = spider.parse(spider.formatCandidate(init));
  assert.deepEqual(parsed, { type: 'candidate', candidate: init });
});

test('a candidate without a place belongs to the first section', () => {
  const parsed = spider.parse('{"type":"candidate2","data":"{\\"candidate\\":\\"candidate:1\\"}"}');
  assert.ok(parsed?.type === 'candidate');
  assert.equal(parsed.candidate.sdpMLineIndex, 0);
});

test('joins tells who is there', () => {
  const message = spider.parse(joins({ channel: 'a', publishers: 1, subscribers: 3 }));
  assert.deepEqual(message, { type: 'joins', publishers: 1, subscribers: 3, open: [] });
});

test('joins tells on which data channels every viewer may send', () => {
  const open = (value: unknown) => {
    const message = spider.parse(
      joins({ channel: 'a', publishers: 1, subscribers: 1, open: value }),
    );
    return message?.type === 'joins' ? message.open : undefined;
  };
  assert.deepEqual(open(['chat', 7, 'horn']), ['chat', 'horn']);
  for (const odd of [undefined, null, 'chat', {}]) assert.deepEqual(open(odd), []);
});

test('an error keeps the words of the server, whatever their form', () => {
  const data = JSON.stringify({ code: 'replaced', message: 'Another publisher came.' });
  const error = spider.parse(JSON.stringify({ type: 'error', data }));
  const expected = { type: 'error', code: 'replaced', message: 'Another publisher came.' };
  assert.deepEqual(error, expected);
  const bare = spider.parse('{"type":"error","data":"full"}');
  assert.ok(bare?.type === 'error' && bare.message === 'full');
  const silent = spider.parse('{"type":"error"}');
  assert.ok(silent?.type === 'error' && silent.message !== '');
});

test('a notice keeps the words of the server, too', () => {
  const data = JSON.stringify({ code: 'no-right', message: 'You may watch only.' });
  const notice = spider.parse(JSON.stringify({ type: 'notice', data }));
  assert.deepEqual(notice, { type: 'notice', code: 'no-right', message: 'You may watch only.' });
});

test('codecs tell a viewer that it lacks the one that is sent, and when that is over', () => {
  const codecs = (data: unknown) =>
    spider.parse(JSON.stringify({ type: 'codecs', data: JSON.stringify(data) }));
  assert.deepEqual(codecs({ sent: 'H264 High (6400)', taken: ['VP8', 7], lacking: 1, more: 1 }), {
    type: 'codecs',
    mismatch: { sent: 'H264 High (6400)', taken: ['VP8'] },
  });
  const over = { type: 'codecs', mismatch: undefined };
  assert.deepEqual(codecs({ sent: 'VP8', taken: [], lacking: 0 }), over);
  for (const odd of [{}, [], { sent: 'VP8' }, { sent: 'VP8', taken: 'VP8', lacking: 1 }]) {
    assert.equal(codecs(odd), undefined);
  }
});

test('close is no JSON', () => {
  assert.deepEqual(spider.parse('close'), { type: 'close' });
});

test('nonsense is not understood and does not throw', () => {
  const texts = ['', '{', '7', 'null', '[]', '{}', '{"type":7}', '{"type":"answer"}', joins('x')];
  texts.push('{"type":"answer","data":{}}', '{"type":"candidate","data":"x"}', joins(null));
  texts.push('{"type":"candidate2","data":"{}"}', '{"type":"candidate2","data":"["}', joins([]));
  texts.push('{"type":"unheard-of","data":""}', joins({ publishers: '1' }));
  for (const text of texts) assert.equal(spider.parse(text), undefined, text);
});
