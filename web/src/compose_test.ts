import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compose } from './compose.ts';

test('JSON is sent as it was typed', () => {
  const typed = ' {"motion": {"key":"forward","value":5}} ';
  for (const quote of [false, true]) assert.equal(compose(typed, quote), typed.trim());
  assert.equal(compose('12', true), '12');
});

test('other text is sent plain, or in quotes when asked', () => {
  assert.equal(compose('forward', false), 'forward');
  assert.equal(compose('forward', true), '"forward"');
  assert.equal(compose('{"broken', true), '"{\\"broken"');
});
