import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Freshness } from './freshness.ts';

/** A picture of frames `interval` ms apart; returns when the last one came. */
function play(freshness: Freshness, interval: number, count = 30, from = 0): number {
  for (let i = 0; i < count; i++) freshness.shown(from + i * interval);
  return from + (count - 1) * interval;
}

/** How long after its last frame a picture is judged old by a page that looks when it is told to. */
function oldAfter(freshness: Freshness, last: number): number {
  const due = freshness.dueAt();
  assert.ok(due !== undefined);
  assert.equal(freshness.judge(due - 1), false);
  assert.equal(freshness.judge(due), true);
  return due - last;
}

test('a picture of ordinary rates is old after 300 ms', () => {
  for (const fps of [60, 30, 15, 10]) {
    const freshness = new Freshness('seen');
    assert.equal(oldAfter(freshness, play(freshness, 1000 / fps)), 300);
  }
});

test('a slow source is given two and a half of its intervals, and never more than 3 s', () => {
  for (const [interval, limit] of [
    [200, 500],
    [500, 1250],
    [1000, 2500],
    [2000, 3000],
  ] as const) {
    const freshness = new Freshness('seen');
    assert.equal(oldAfter(freshness, play(freshness, interval)), limit);
  }
});

test('a slow source is never old while it keeps its rhythm, from its first frame on', () => {
  const freshness = new Freshness('seen');
  for (let at = 0; at < 60_000; at += 10) {
    if (at % 1000 === 0) freshness.shown(at + (at % 3000) / 15);
    assert.equal(freshness.judge(at), false, `${at}`);
  }
});

test('when a viewer gets key frames only, the new rhythm is learned in three frames', () => {
  const freshness = new Freshness('seen');
  let last = play(freshness, 33);
  for (const live of [false, false, false, true, true]) {
    assert.equal(freshness.judge(last + 301) && freshness.judge(last + 402), !live, `${last}`);
    last += 1000;
    freshness.shown(last);
  }
  assert.equal(oldAfter(freshness, play(freshness, 33, 5, last + 33)), 300);
});

test('single gaps, and breaks that are no rhythm, leave the limit as it is', () => {
  const freshness = new Freshness('seen');
  let last = play(freshness, 33);
  for (const gap of [400, 33, 700, 33, 33, 20_000, 33, 20_000, 33, 20_000]) {
    last += gap;
    freshness.shown(last);
  }
  assert.equal(oldAfter(freshness, last), 300);
});

test('an old picture has an age until the next frame comes', () => {
  const freshness = new Freshness('seen');
  assert.equal(freshness.ageMs(50), undefined);
  const last = play(freshness, 33);
  assert.equal(freshness.judge(last + 300), true);
  assert.equal(freshness.ageMs(last + 4600), 4600);
  assert.equal(freshness.dueAt(), undefined);
  freshness.shown(last + 5000);
  assert.equal(freshness.judge(last + 5010), false);
  assert.equal(freshness.ageMs(last + 5010), 10);
});

test('without a picture nothing is old', () => {
  const freshness = new Freshness('seen');
  assert.equal(freshness.judge(60_000), false);
  assert.equal(freshness.dueAt(), undefined);
  const last = play(freshness, 33);
  freshness.forget();
  assert.equal(freshness.judge(last + 60_000), false);
  assert.equal(freshness.ageMs(last + 60_000), undefined);
});

test('a page that was held up looks a second time, but only once for a frame', () => {
  const freshness = new Freshness('seen');
  const last = play(freshness, 33);
  assert.equal(freshness.judge(last + 2000), false);
  assert.equal(freshness.dueAt(), last + 2100);
  assert.equal(freshness.judge(last + 2500), true);

  const other = new Freshness('seen');
  other.judge(play(other, 33) + 2000);
  other.shown(last + 2050); // it had been waiting, too
  assert.equal(other.judge(last + 2100), false);
});

test('a page that comes back from being hidden is given a second to show a frame', () => {
  const freshness = new Freshness('seen');
  const last = play(freshness, 33);
  freshness.look(last, 'hidden');
  assert.equal(freshness.judge(last + 60_000), false);
  for (let s = 1; s <= 60; s++) freshness.decoded(last + s * 1000, 30 * s);
  freshness.look(last + 60_500, 'seen');
  assert.equal(freshness.judge(last + 61_000), false);
  freshness.shown(last + 61_100);
  assert.equal(oldAfter(freshness, last + 61_100), 400); // the rest of that second
});

test('a robot that froze while the page was hidden is dated by the last frame that came', () => {
  const freshness = new Freshness('seen');
  const last = play(freshness, 33);
  freshness.look(last, 'hidden');
  freshness.decoded(last + 1000, 60);
  freshness.decoded(last + 2000, 60);
  freshness.look(last + 30_000, 'seen');
  assert.equal(freshness.judge(last + 31_000), true);
  assert.equal(freshness.ageMs(last + 31_000), 30_000);
});

test('what was old before the page was hidden is old at once when it is seen again', () => {
  const freshness = new Freshness('seen');
  const last = play(freshness, 33);
  assert.equal(freshness.judge(last + 300), true);
  freshness.look(last + 400, 'hidden');
  freshness.look(last + 10_000, 'seen');
  assert.equal(freshness.judge(last + 10_001), true);
});

test('where the browser shows no frame, its count of decoded ones tells', () => {
  const freshness = new Freshness('counted');
  for (let s = 0; s < 10; s++) freshness.decoded(s * 1000, 30 * (s + 1));
  assert.equal(oldAfter(freshness, 9000), 3000);
  const seeing = new Freshness('seen');
  const last = play(seeing, 33);
  seeing.decoded(last + 200, 1000); // of what was shown before
  assert.equal(oldAfter(seeing, last), 300);
});

test('a picture that is scrolled away and back is live all the time', () => {
  const freshness = new Freshness('seen');
  const last = play(freshness, 33);
  freshness.look(last + 20, 'counted');
  for (let s = 1; s < 10; s++) {
    freshness.decoded(last + s * 1000, 30 * s);
    assert.equal(freshness.judge(last + s * 1000 + 990), false);
  }
  freshness.look(last + 9500, 'seen');
  assert.equal(freshness.judge(last + 10_400), false);
  assert.equal(oldAfter(freshness, play(freshness, 33, 30, last + 10_450)), 300);
});

test('a robot that talks while its picture is old is not silent', () => {
  const freshness = new Freshness('seen');
  const last = play(freshness, 33);
  assert.equal(freshness.isSilent(last + 200), false);
  freshness.heard(last + 50); // sent before it froze
  freshness.judge(last + 300);
  assert.equal(freshness.isSilent(last + 310), true);
  freshness.heard(last + 900);
  assert.equal(freshness.isSilent(last + 1000), false);
  assert.equal(freshness.isSilent(last + 4000), true);
  freshness.shown(last + 5000);
  assert.equal(freshness.isSilent(last + 5010), false);
});
