import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layoutOf } from './layout.ts';

const window = (width: number, height: number) =>
  layoutOf({ width, height, fullScreen: false, embedded: false });

test('on a phone the picture fills the window on its side, and panels are below upright', () => {
  for (const [long, short] of [
    [640, 360],
    [844, 390],
    [932, 430],
  ] as const) {
    assert.equal(window(long, short), 'over');
    assert.equal(window(short, long), 'below');
  }
});

test('where there is room panels are beside the picture', () => {
  for (const [width, height] of [
    [1920, 1080],
    [1024, 768],
    [800, 600],
    [1024, 1366],
  ] as const) {
    assert.equal(window(width, height), 'beside', `${width}x${height}`);
  }
  for (const [width, height] of [
    [768, 1024],
    [390, 844],
    [700, 600],
  ] as const) {
    assert.equal(window(width, height), 'below', `${width}x${height}`);
  }
});

test('in full screen and in another page the picture fills what there is', () => {
  for (const more of [
    { fullScreen: true, embedded: false },
    { fullScreen: false, embedded: true },
  ]) {
    assert.equal(layoutOf({ width: 1920, height: 1080, ...more }), 'over');
    assert.equal(layoutOf({ width: 320, height: 700, ...more }), 'over');
  }
});
