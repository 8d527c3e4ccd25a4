import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isToken, readPasted, tokenIn, withoutToken } from './token.ts';

const kToken = 'eyJhbGciOiJIUzI1NiJ9.eyJyaWdodHMiOlsidmlldyJdfQ.s3cr3t_-x';

test('a link’s fragment brings the token, alone or beside others', () => {
  assert.equal(tokenIn(`#token=${kToken}`), kToken);
  assert.equal(tokenIn(`#full&token=${kToken}`), kToken);
  assert.equal(tokenIn(`#token=${kToken}&full`), kToken);
});

test('a fragment without one, or with what can’t be one, brings none', () => {
  for (const fragment of ['', '#', '#full', '#token=', '#mytoken', '#token=a%0Ab', '#token=a b']) {
    assert.equal(tokenIn(fragment), undefined, fragment);
  }
});

test('the fragment loses the token and keeps the rest', () => {
  assert.equal(withoutToken(`#token=${kToken}`), '');
  assert.equal(withoutToken(`#a=1&token=${kToken}&b`), '#a=1&b');
  for (const other of ['', '#', '#full', '#a=1&b', '#mytoken=1']) {
    assert.equal(withoutToken(other), other);
  }
  assert.equal(withoutToken('#token=a%0Ab'), '');
});

test('a token is what may stand in a header and in a subprotocol', () => {
  assert.ok(isToken(kToken));
  for (const text of ['', '.', 'a.', 'a,b', 'a b', 'a\r\nb', 'é', 'a'.repeat(8193)]) {
    assert.ok(!isToken(text), text.slice(0, 20));
  }
});

test('a pasted token or a whole link is understood', () => {
  assert.deepEqual(readPasted(`  ${kToken}\n`), { token: kToken });
  assert.deepEqual(readPasted(`https://robots.example:8267/?channel=car-1#token=${kToken}`), {
    token: kToken,
    channel: 'car-1',
  });
  assert.deepEqual(readPasted(`https://robots.example/#token=${kToken}`), { token: kToken });
  assert.deepEqual(readPasted(`#token=${kToken}`), { token: kToken });
});

test('what is neither is not taken', () => {
  for (const text of [
    '',
    'car-1',
    'a.b',
    'https://robots.example/?channel=a',
    '#full',
    'a.b.c d',
  ]) {
    assert.equal(readPasted(text), undefined, text);
  }
});
