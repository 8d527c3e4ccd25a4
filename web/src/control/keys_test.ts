import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driveKey, Keys } from './keys.ts';

test('arrows and W A S D drive, by their place on the keyboard', () => {
  const codes = ['ArrowUp', 'KeyS', 'ArrowLeft', 'KeyD', 'KeyX', 'Space', 'toString'];
  const ways = ['forward', 'back', 'left', 'right', undefined, undefined, undefined];
  assert.deepEqual(codes.map(driveKey), ways);
});

test('a key is felt at once, grows, and ends at once', () => {
  const keys = new Keys();
  keys.press('KeyW');
  const at = [0, 250, 500, 9000].map((now) => Number(keys.read(now).throttle.toFixed(3)));
  assert.deepEqual(at, [0.3, 0.65, 1, 1]);
  keys.release('KeyW');
  assert.deepEqual(keys.read(9001), { steering: 0, throttle: 0 });
  assert.ok(keys.atRest);
});

test('the other way begins softly again', () => {
  const keys = new Keys();
  keys.press('ArrowLeft');
  assert.equal(keys.read(0).steering, -0.3);
  assert.equal(keys.read(250).steering, -1);
  keys.release('ArrowLeft');
  keys.press('ArrowRight');
  assert.equal(keys.read(260).steering, 0.3);
});

test('opposite keys are none, and two keys of one way are one', () => {
  const keys = new Keys();
  for (const code of ['KeyW', 'KeyS', 'KeyA', 'ArrowLeft']) keys.press(code);
  assert.deepEqual(keys.read(0), { steering: -0.3, throttle: 0 });
  keys.release('ArrowLeft');
  assert.equal(keys.read(0).steering, -0.3);
  assert.equal(keys.atRest, false);
  keys.releaseAll();
  assert.ok(keys.atRest);
});

test('time that stands still or runs back does no harm', () => {
  const keys = new Keys();
  keys.press('KeyW');
  assert.equal(keys.read(1000).throttle, 0.3);
  assert.equal(keys.read(0).throttle, 0.3);
});

test('with the key that stops nothing moves, and it is no rest', () => {
  const keys = new Keys();
  keys.press('KeyW');
  keys.read(0);
  keys.press('Space');
  assert.deepEqual(keys.read(1000), { steering: 0, throttle: 0 });
  keys.release('KeyW');
  assert.equal(keys.atRest, false);
  keys.release('Space');
  assert.ok(keys.atRest);
});
