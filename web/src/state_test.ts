import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maySendTo, type State, stateOf } from './state.ts';

test('a live connection whose picture is old is frozen, and any other says more itself', () => {
  assert.equal(stateOf('connected', false), 'connected');
  assert.equal(stateOf('connected', true), 'frozen');
  assert.equal(stateOf('rejoining', true), 'frozen');
  for (const phase of ['connecting', 'waiting', 'away', 'reconnecting'] as const) {
    assert.equal(stateOf(phase, true), phase);
  }
});

test('commands go to a robot that is there and lives', () => {
  const open: State[] = ['connected', 'rejoining'];
  const shut: State[] = ['connecting', 'waiting', 'away', 'reconnecting', 'frozen'];
  assert.ok(open.every((state) => maySendTo(state, false)));
  assert.ok(shut.every((state) => !maySendTo(state, true)));
  assert.ok(maySendTo('frozen', false)); // its camera is gone, but it talks
});
