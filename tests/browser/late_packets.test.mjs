// A browser that waits for a key frame, the first packets of which come later than those behind them.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { launch, openPage } from './browser.mjs';
import { Stage } from './program.mjs';

const kVideo = '[data-testid=video]';
const kInterval = 10; // pictures from one key frame to the next

const stage = new Stage();
let server;
let browser;
let page;

before(async () => {
  server = await stage.serve();
  browser = await launch();
  page = await openPage(browser);
  await page.goto(`${server.http}/?channel=car-1`);
});

after(async () => {
  await browser?.close();
  await stage.close();
});

/** From now on the page keeps when each picture was shown, in milliseconds since 1970. */
function watch(selector) {
  const video = document.querySelector(selector);
  window.shown = [];
  const note = (now) => {
    window.shown.push(performance.timeOrigin + now);
    video.requestVideoFrameCallback(note);
  };
  video.requestVideoFrameCallback(note);
}

const decoded = () =>
  page.$eval(kVideo, (video) => video.getVideoPlaybackQuality().totalVideoFrames);

/** A robot that sends so many pictures; when it began. */
async function send(pictures, ...held) {
  const url = `wss://127.0.0.1:${server.port}`;
  const robot = stage.startRobot(url, 'car-1', pictures, 0, ...held);
  const began = Number(await robot.waitFor((line) => /^begins (\d+)/.exec(line)?.[1]));
  if (robot.process.exitCode === null) await once(robot.process, 'exit');
  assert.equal(robot.process.exitCode, 0);
  return began;
}

test('no picture of another robot is missed when its first packets are late', async (t) => {
  await page.waitForFunction(
    () => document.querySelector('[data-testid=state]')?.textContent === 'Waiting',
  );
  await send(4 * kInterval);
  await page.waitForFunction(
    (selector) => document.querySelector(selector).getVideoPlaybackQuality().totalVideoFrames > 0,
    kVideo,
  );
  const before = await decoded();
  await page.evaluate(watch, kVideo);
  const began = await send(2 * kInterval, 0, 1);
  const shown = (await decoded()) - before;
  const times = (await page.evaluate(() => window.shown)).filter((time) => time > began);
  const gaps = times.map((time, i) => time - (times[i - 1] ?? began));
  t.diagnostic(
    `${shown} pictures, the first after ${gaps[0]} ms, gaps up to ${Math.max(...gaps)} ms`,
  );
  // Who begins behind the first packets has to wait for the next key frame.
  assert.ok(shown > 1.3 * kInterval, `${shown} of ${2 * kInterval} pictures`);
});
