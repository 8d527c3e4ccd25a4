import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Series, valueRange } from './series.ts';

test('points older than the span fall out, but for one before it', () => {
  const series = new Series(60, 1600);
  for (let second = 0; second <= 600; second++) series.add(second, second * 2);
  assert.ok(series.times[0]! <= 540, `begins at ${series.times[0]}`);
  assert.ok(series.times.length < 61 + 1600 / 16 + 1);
  assert.equal(series.latest, 1200);
  assert.equal(series.values[0], series.times[0]! * 2);
});

test('a flood never holds more points than the limit', () => {
  const series = new Series(60, 100);
  for (let i = 0; i < 10_000; i++) {
    series.add(i / 10_000, i);
    assert.ok(series.times.length <= 100);
  }
  assert.equal(series.values.length, series.times.length);
  assert.equal(series.latest, 9999);
});

test('an empty series has no latest value', () => {
  assert.equal(new Series(60, 100).latest, undefined);
});

test('an interruption is one gap, and not the latest value', () => {
  const series = new Series(60, 100);
  series.interrupt(0);
  series.add(1, 7);
  series.interrupt(2);
  series.interrupt(3);
  assert.deepEqual(series.values, [7, null]);
  assert.equal(series.latest, 7);
});

test('an axis has room around its values', () => {
  assert.deepEqual(valueRange(0, 10), [-1, 11]);
  assert.deepEqual(valueRange(-10, 10), [-12, 12]);
});

test('noise fills a small part of an axis only', () => {
  const [from, to] = valueRange(7.364, 7.368);
  assert.ok(to - from > 20 * (7.368 - 7.364) && from < 7.364 && to > 7.368, `${from} ${to}`);
});

test('values that never change have an axis, too', () => {
  assert.deepEqual(valueRange(100, 100), [99, 101]);
  assert.deepEqual(valueRange(0, 0), [-0.5, 0.5]);
  assert.deepEqual(valueRange(Infinity, -Infinity), [0, 1]);
});
