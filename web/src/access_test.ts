import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forViewer, isFinal, kAll, readAnswer, readRefusal } from './access.ts';

test('what is granted has rights, and perhaps a name and an end', () => {
  const body = { rights: ['view', 'drive', 7], name: 'Kim', until: 1_799_999_999 };
  assert.deepEqual(readAnswer(200, body, null), {
    kind: 'granted',
    access: { rights: new Set(['view', 'drive']), name: 'Kim', until: 1_799_999_999_000 },
  });
  assert.deepEqual(readAnswer(200, { rights: ['view'], name: '', until: null }, null), {
    kind: 'granted',
    access: { rights: new Set(['view']) },
  });
});

test('rights that don’t let one watch are a refusal for who wants to', () => {
  const answer = (rights: string[]) => forViewer(readAnswer(200, { rights }, null)).kind;
  assert.deepEqual([answer(['view']), answer(['view', 'drive'])], ['granted', 'granted']);
  assert.deepEqual([answer(['publish']), answer(['admin']), answer([])], Array(3).fill('refused'));
  assert.deepEqual(forViewer({ kind: 'away' }), { kind: 'away' });
});

test('a refusal has the server’s word for programs and its words for people', () => {
  const body = { error: 'the token has expired', code: 'expired' };
  assert.deepEqual(readAnswer(401, body, null), {
    kind: 'refused',
    refusal: { code: 'expired', message: 'the token has expired' },
  });
  assert.deepEqual(readRefusal(403, { code: 'no-right', error: 'no' }), {
    code: 'no-right',
    message: 'no',
  });
});

test('a refusal by a proxy, which says nothing that is known, is one', () => {
  assert.equal(readRefusal(401, undefined)?.code, 'no-token');
  assert.equal(readRefusal(403, '<html>')?.code, 'refused');
  for (const status of [200, 404, 429, 500]) assert.equal(readRefusal(status, {}), undefined);
});

test('a server that was asked too often says for how long it wants to be left alone', () => {
  const waits = ['7', '0', '999999', null, 'soon'].map((retryAfter) => {
    const answer = readAnswer(429, { error: 'too many refusals' }, retryAfter);
    assert.ok(answer.kind === 'busy' && answer.message === 'too many refusals');
    return answer.waitMs;
  });
  assert.deepEqual(waits, [7000, 0, 300_000, 60_000, 60_000]);
});

test('what ends a session for good is told from what passes', () => {
  for (const code of ['expired', 'removed', 'no-right']) assert.ok(isFinal(code), code);
  for (const code of ['media-lost', 'timeout', 'replaced', '']) assert.ok(!isFinal(code), code);
});

test('a server that is older than tokens lets everybody do everything', () => {
  assert.deepEqual(readAnswer(404, { error: 'nothing is at /api/access' }, null), {
    kind: 'granted',
    access: kAll,
  });
});

test('what is no answer of a server’s means that it is away', () => {
  for (const [status, body] of [
    [200, '<html>'],
    [200, {}],
    [200, { rights: 'view' }],
    [500, {}],
    [502, undefined],
    [503, {}],
  ] as const) {
    assert.deepEqual(readAnswer(status, body, null), { kind: 'away' });
  }
});
