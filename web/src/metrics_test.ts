import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readings } from './metrics.ts';

test('a SpiderCar’s key and value are one reading', () => {
  assert.deepEqual(readings('{"ir":{"key":"detectTime","value":1639.25}}'), [
    ['ir.detectTime', 1639.25],
  ]);
  assert.deepEqual(readings('{"speed":{"key":"maxSpeed","value":400}}'), [['speed.maxSpeed', 400]]);
  assert.deepEqual(readings('{"key":"rpm","value":3}'), [['rpm', 3]]);
});

test('nested numbers are named by their path', () => {
  assert.deepEqual(readings('{"imu":{"acc":[1,2],"ok":true},"t":-1.5,"name":"x","n":null}'), [
    ['imu.acc.0', 1],
    ['imu.acc.1', 2],
    ['t', -1.5],
  ]);
});

test('a key without a number is an object like others', () => {
  assert.deepEqual(readings('{"a":{"key":"x","value":"y","n":1}}'), [['a.n', 1]]);
});

test('a bare number has a name, too', () => {
  assert.deepEqual(readings('42'), [['value', 42]]);
});

test('JSON inside a JSON string is read, as rtcbot sends it', () => {
  assert.deepEqual(readings(JSON.stringify('{"a":1}')), [['a', 1]]);
});

test('text, nonsense and empty things give nothing', () => {
  for (const text of ['', 'hi', '"hi metric"', '{', 'null', '[]', '{}', 'true', '{"a":1e999}']) {
    assert.deepEqual(readings(text), [], text);
  }
});

test('very deep and very wide messages are cut', () => {
  assert.deepEqual(readings('['.repeat(5000) + '1' + ']'.repeat(5000)), []);
  assert.equal(readings(JSON.stringify(Array(1000).fill(1))).length, 64);
});
