import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GaugeChoices, kGaugeKinds, scaleFor, shareOf } from './gauges.ts';

test('numbers are plotted until there are many, then told, and shown as one chooses', () => {
  const choices = new GaugeChoices();
  assert.equal(choices.kindOf('speed', 0), 'plot');
  assert.equal(choices.kindOf('speed', 40), 'number');
  for (const kind of kGaugeKinds) {
    choices.choose('speed', kind);
    assert.equal(choices.kindOf('speed', 40), kind);
  }
});

test('choices are kept as text', () => {
  const choices = new GaugeChoices();
  choices.choose('imu.acc.0', 'dial');
  choices.choose('__proto__', 'bar');
  choices.choose('"', 'nothing');
  const again = new GaugeChoices(choices.toText());
  for (const [name, kind] of [
    ['imu.acc.0', 'dial'],
    ['__proto__', 'bar'],
    ['"', 'nothing'],
    ['another', 'plot'],
  ] as const) {
    assert.equal(again.kindOf(name, 0), kind, name);
  }
});

test('of what was kept by something else only what makes sense is taken', () => {
  for (const kept of ['', '{', 'null', '[]', '42', '"dial"', '{"a":null,"b":["dial"]}']) {
    assert.equal(new GaugeChoices(kept).toText(), '{}', kept);
  }
  const half = new GaugeChoices('{"a":"dial","b":"hologram","c":7}');
  assert.equal(half.toText(), '{"a":"dial"}');
});

test('choices don’t grow without end', () => {
  const choices = new GaugeChoices();
  for (let i = 0; i < 10_000; i++) choices.choose(`n${i}`, 'bar');
  assert.ok(choices.toText().length < 4000);
  choices.choose('n0', 'dial');
  assert.equal(choices.kindOf('n0', 0), 'dial');
});

test('a scale has round ends and holds what was seen', () => {
  const scales: [number, number, number, number][] = [
    [0, 7.364, 0, 10],
    [3, 1.9, 0, 2],
    [0, 1639.25, 0, 2000],
    [-0.2, 0.5, -0.5, 0.5],
    [-3, -1, -5, 0],
    [0, 0, 0, 1],
    [0, 0.25, 0, 0.5],
    [0.1, 0.3, 0, 0.5],
    [0, 1, 0, 1],
    [0, 1e-9, 0, 1e-9],
    [0, 1e300, 0, 1e300],
  ];
  for (const [min, max, from, to] of scales) {
    assert.deepEqual(scaleFor(min, max), [from, to], `${min} to ${max}`);
  }
  for (let i = 0; i < 10_000; i++) {
    const [a, b] = [0, 1].map(
      () => (Math.random() - 0.5) * 10 ** Math.round(Math.random() * 12 - 6),
    );
    const [min, max] = [Math.min(a!, b!), Math.max(a!, b!)];
    const [from, to] = scaleFor(min, max);
    assert.ok(from <= min && to >= max && from < to, `${min} to ${max}: ${from} to ${to}`);
  }
});

test('a value has its place on a scale, and never leaves it', () => {
  assert.equal(shareOf(0, [-2, 2]), 0.5);
  assert.equal(shareOf(5, [0, 10]), 0.5);
  assert.equal(shareOf(99, [0, 10]), 1);
  assert.equal(shareOf(-99, [0, 10]), 0);
});
