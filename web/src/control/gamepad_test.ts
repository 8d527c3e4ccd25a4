import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  choosePad,
  type Pad,
  readPad,
  readPadSettings,
  usualPadSettings,
  withoutDeadZone,
} from './gamepad.ts';
import { stickAxes } from './stick.ts';

function pad(axes: number[], pressed: Record<number, number> = {}): Pad {
  const buttons = Array.from({ length: 17 }, (_, at) => {
    const value = pressed[at] ?? 0;
    return { pressed: value > 0.5, value };
  });
  return { id: 'test', connected: true, mapping: 'standard', axes, buttons };
}

const usual = usualPadSettings('standard');

test('the left stick steers, and the triggers drive', () => {
  const right = readPad(pad([1, 0.9, 0, 0], { 7: 0.5 }), usual);
  assert.deepEqual(right.axes, { steering: 1, throttle: 0.5 });
  assert.deepEqual(readPad(pad([-1, 0], { 6: 1 }), usual).axes, { steering: -1, throttle: -1 });
});

test('a gamepad that isn’t standard drives by its axes, forward being up', () => {
  const settings = usualPadSettings('');
  assert.deepEqual(readPad(pad([0, -1]), settings).axes, { steering: 0, throttle: 1 });
});

test('within the dead zone nothing moves, and beyond it begins at nothing', () => {
  for (const value of [0, 0.12, -0.12, NaN, Infinity]) {
    assert.equal(withoutDeadZone(value, 0.12), 0);
  }
  assert.ok(withoutDeadZone(0.13, 0.12) < 0.02);
  assert.deepEqual([withoutDeadZone(1, 0.12), withoutDeadZone(-3, 0.12)], [1, -1]);
});

test('all values are numbers from -1 to 1, whatever a gamepad says', () => {
  for (const value of [NaN, Infinity, -Infinity, 1e308, -1e308, 2]) {
    for (const settings of [usual, usualPadSettings('')]) {
      const { axes } = readPad(pad([value, value], { 6: value, 7: -value }), settings);
      for (const axis of Object.values(axes)) assert.ok(Math.abs(axis) <= 1, `${value}: ${axis}`);
    }
  }
});

test('both triggers at once are neutral, but no rest', () => {
  const { axes, atRest } = readPad(pad([0, 0], { 6: 1, 7: 1 }), usual);
  assert.deepEqual([axes.throttle, atRest], [0, false]);
});

test('an axis that isn’t there is at rest', () => {
  const { axes, atRest } = readPad({ ...pad([]), buttons: [] }, { ...usual, hold: 5 });
  assert.deepEqual([axes, atRest], [{ steering: 0, throttle: 0 }, true]);
});

test('held to run: without its button nothing moves, and a stick that is moved is loose', () => {
  const settings = { ...usual, hold: 4 };
  const loose = readPad(pad([1, 0], { 7: 1 }), settings);
  assert.deepEqual([loose.axes, loose.loose], [{ steering: 0, throttle: 0 }, true]);
  const held = readPad(pad([1, 0], { 4: 1, 7: 1 }), settings);
  assert.deepEqual([held.axes, held.loose], [{ steering: 1, throttle: 1 }, false]);
  assert.equal(readPad(pad([0, 0]), settings).loose, false);
});

test('settings that were kept are taken as far as they make sense', () => {
  const kept = { steering: 2, throttle: 'triggers', deadZone: 0.3, hold: 5 };
  assert.deepEqual(readPadSettings(kept, usual), kept);
  for (const bad of [null, 7, [], { steering: -1, throttle: 1.5, deadZone: NaN, hold: 'x' }]) {
    assert.deepEqual(readPadSettings(bad, usual), usual);
  }
  assert.equal(readPadSettings({ deadZone: 9 }, usual).deadZone, 0.5);
});

test('the gamepad in use stays it while it is there', () => {
  const [a, b] = [
    { ...pad([]), index: 0 },
    { ...pad([]), index: 1 },
  ];
  assert.equal(choosePad([a, b], undefined), a);
  assert.equal(choosePad([a, b], 1), b);
  assert.equal(choosePad([null, { ...b, connected: false }], 1), undefined);
  assert.equal(choosePad([a, null], 1), a);
});

test('a thumb steers and drives from where the stick’s middle is', () => {
  assert.deepEqual(stickAxes(0, -80, 80), { steering: 0, throttle: 1 });
  assert.deepEqual(stickAxes(400, 3, 80), { steering: 1, throttle: 0 });
  assert.deepEqual(stickAxes(9, -9, 80), { steering: 0, throttle: 0 });
  assert.deepEqual(stickAxes(1, 1, 0), { steering: 0, throttle: 0 });
});
