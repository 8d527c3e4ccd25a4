import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as words from './words.ts';

test('figures have units, and what is not known has a dash', () => {
  assert.equal(words.milliseconds(7.14), '7.1 ms');
  assert.equal(words.milliseconds(51.6), '52 ms');
  assert.equal(words.bitrate(640.4), '640 kbit/s');
  assert.equal(words.bitrate(2010), '2.01 Mbit/s');
  assert.equal(words.percent(0.0123), '1.2 %');
  assert.equal(words.framesPerSecond(29.97), '30.0');
  for (const format of [words.milliseconds, words.bitrate, words.percent, words.framesPerSecond]) {
    assert.equal(format(undefined), '–');
    assert.equal(format(NaN), '–');
  }
});

test('a round trip below a millisecond is said to be that', () => {
  const shown = [undefined, 0, 0.4, 1, 20.6].map(words.roundTrip);
  assert.deepEqual(shown, ['–', '< 1 ms', '< 1 ms', '1 ms', '21 ms']);
});

test('the age of a picture is told as exactly as it matters', () => {
  const shown = [310, 9_949, 10_400, 59_999, 61_000, 7_300_000].map(words.age);
  assert.deepEqual(shown, ['0.3 s', '9.9 s', '10 s', '59 s', '1 min 1 s', '2 h']);
});

test('a connection without a picture has a reason', () => {
  assert.match(words.noPicture(0).detail, /sends no video/);
  assert.match(words.noPicture(7).detail, /key frame/);
});

test('where nothing can be sent, words say why', () => {
  assert.match(words.whyNotSend('waiting'), /nobody publishes/);
  for (const state of ['frozen', 'away'] as const) {
    assert.match(words.whyNotSend(state), /nothing new arrives/);
  }
  assert.match(words.whyNotSend('reconnecting'), /no connection/);
});

test('a refusal has a reason and what helps', () => {
  const codes = ['no-token', 'expired', 'removed', 'wrong-channel', 'no-right'];
  const titles = codes.map((code) => words.refusal({ code, message: 'x' }).title);
  assert.equal(new Set(titles).size, codes.length);
  const { detail } = words.refusal({ code: 'bad-signature', message: 'nobody known signed it' });
  assert.match(detail, /^nobody known signed it\. Ask for a new link/);
});

test('what may not be sent is told in words that help', () => {
  assert.match(words.notice('not-driver', 'x'), /Take control/);
  assert.match(words.notice('no-right', 'x'), /link/);
  assert.equal(words.notice('something-new', 'Words of the server’s.'), 'Words of the server’s.');
});

test('what a link lets one do is told where it is less than everything', () => {
  const now = new Date(2026, 0, 2, 3, 4);
  const all = new Set(['publish', 'view', 'drive']);
  assert.equal(words.access({ rights: all }, now), '');
  const evening = new Date(2026, 0, 2, 17, 5).getTime();
  const kim = { rights: new Set(['view']), name: 'Kim', until: evening };
  assert.equal(words.access(kim, now), 'Kim · watch only · until 17:05');
  const later = new Date(2026, 10, 30, 17, 5).getTime();
  assert.equal(words.access({ rights: all, until: later }, now), 'until 2026-11-30 17:05');
});

test('readings are short but keep what matters', () => {
  const shown = [400, 1639.25, 0.1 + 0.2, 1e12, 1.23456789e-5, -12.3456789, 0].map(words.reading);
  assert.deepEqual(shown, ['400', '1639.25', '0.3', '1.00e+12', '1.23e-5', '-12.3457', '0']);
});

test('the time of day has milliseconds', () => {
  assert.equal(words.timeOfDay(new Date(2026, 0, 2, 3, 4, 5, 6)), '03:04:05.006');
});

test('binary is told by its size and first bytes', () => {
  assert.equal(words.bytes(new Uint8Array([0, 255]).buffer), '2 bytes: 00 ff');
  const long = words.bytes(new Uint8Array(1000).buffer);
  assert.ok(long.startsWith('1000 bytes: 00 00') && long.endsWith('…') && long.length < 80);
});

test('a codec that the browser lacks is told with what helps', () => {
  const lack = { sent: 'H264 Constrained Baseline (42e0)', taken: ['VP8', 'VP9'] };
  assert.deepEqual(words.mismatch(lack, false), {
    title: 'No picture: this browser can’t show H264 Constrained Baseline (42e0)',
    detail: 'It shows VP8 and VP9. Start the publisher with --codec vp8.',
  });
  assert.match(words.mismatch(lack, true).detail, /plug-in .* load this page again/);
  const profile = { sent: 'VP9 profile 2', taken: ['VP9', 'H264 High (6400)', 'VP8'] };
  assert.match(words.mismatch(profile, true).detail, /--codec vp8\.$/);
  assert.equal(words.mismatch({ sent: 'VP8', taken: [] }, false).detail, '');
});
