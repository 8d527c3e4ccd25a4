import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClockSync } from './clock.ts';

const reply = (t0: number, t1: number, publisher_offset: number | null = 0) =>
  JSON.stringify({ t0, t1, publisher_offset });

test('the publisher’s time is the server’s plus its offset', () => {
  const clock = new ClockSync();
  clock.receive(reply(1000, 5000 + 1500, 200), 2000);
  assert.equal(clock.publisherTimeUs(10_000), 10_000 + 5000 + 200);
});

test('the least round trip wins, whenever it came', () => {
  const clock = new ClockSync();
  clock.receive(reply(0, 900), 1000); // 1,000 µs for the round trip: offset 400
  clock.receive(reply(2000, 2150), 2100); // 100 µs: offset 100
  clock.receive(reply(4000, 9000), 9000); // 5,000 µs: offset 2500
  assert.equal(clock.publisherTimeUs(10_000), 10_100);
});

test('an exchange counts for a minute', () => {
  const clock = new ClockSync();
  clock.receive(reply(0, 150), 100); // 100 µs: offset 100
  clock.receive(reply(30_000_000, 30_002_500), 30_001_000); // 1,000 µs: offset 2,000
  assert.equal(clock.publisherTimeUs(60_000_000), 60_000_100);
  assert.equal(clock.publisherTimeUs(61_000_000), 61_002_000);
  assert.equal(clock.publisherTimeUs(91_000_000), undefined);
});

test('nothing is known before the first reply or without the publisher’s clock', () => {
  const clock = new ClockSync();
  assert.equal(clock.publisherTimeUs(0), undefined);
  clock.receive(reply(0, 0, null), 10);
  assert.equal(clock.publisherTimeUs(10), undefined);
});

test('a publisher that leaves takes its clock along', () => {
  const clock = new ClockSync();
  clock.receive(reply(0, 5, 7), 10);
  clock.receive(reply(20, 45, null), 70);
  assert.equal(clock.publisherTimeUs(70), undefined);
});

test('nonsense and replies from the future are ignored', () => {
  const clock = new ClockSync();
  const texts = ['', '{', '[]', '{"t0":1}', '{"t0":"1","t1":2}', '{"t0":1e999,"t1":1}'];
  for (const text of [...texts, reply(500, 1)]) clock.receive(text, 100);
  assert.equal(clock.publisherTimeUs(100), undefined);
});

test('a request carries whole microseconds', () => {
  assert.equal(new ClockSync().request(12.7), '{"t0":13}');
});

test('the server’s time is known as well as the round trip and the time since allow', () => {
  const clock = new ClockSync();
  assert.equal(clock.serverTime(0), undefined);
  clock.receive(reply(1000, 5000 + 1500), 2000);
  // Half the round trip, a page's clock that ticks in milliseconds, 100 ppm of the time since.
  assert.deepEqual(clock.serverTime(2000), { serverUs: 7000, boundUs: 500 + 1000 });
  assert.deepEqual(clock.serverTime(10_002_000), { serverUs: 10_007_000, boundUs: 2500 });
});

test('a clock that was set is known anew from the next reply on', () => {
  const clock = new ClockSync();
  clock.receive(reply(0, 50), 100);
  const hour = 3_600_000_000;
  clock.receive(reply(1_000_000, 1_000_500 + hour), 1_001_000);
  assert.equal(clock.serverTime(1_001_000)?.serverUs, 1_001_000 + hour);
  clock.receive(reply(2_000_000, 2_000_500), 2_001_000);
  assert.equal(clock.serverTime(2_001_000)?.serverUs, 2_001_000);
});

test('a reply that was late on one way is no clock that was set', () => {
  const clock = new ClockSync();
  clock.receive(reply(0, 50), 100);
  clock.receive(reply(1_000_000, 1_400_000), 1_400_000); // 200 ms apart, by a round trip of 400
  assert.equal(clock.serverTime(1_400_000)?.serverUs, 1_400_000);
});
