import assert from 'node:assert/strict';
import { test } from 'node:test';
import { iceUfrag } from './ice_credentials.ts';

test('the ufrag is found wherever it stands', () => {
  assert.equal(iceUfrag('v=0\r\na=ice-ufrag:aB+/\r\na=ice-pwd:x\r\n'), 'aB+/');
  assert.equal(iceUfrag('a=ice-ufrag:abcd'), 'abcd');
});

test('a description without one has none', () => {
  assert.equal(iceUfrag('v=0\r\nx a=ice-ufrag:abcd\r\n'), '');
});
