// Drives the simulated car in Chromium, and prints one line of JSON with what was measured, in milliseconds:
//   accepted: key down to the gate's word that a command with it is in force, while nobody reads the pictures' pixels
//   visible:  key down to the first picture on the page that shows the car as it was told
//   decoded:  capture to the page, of the same run's pictures
//   closed, hidden: the last command that was accepted to the motors' neutral, after the tab was closed or hidden
// node control_page.mjs KEYS TABS, with tests/browser's packages and RTCPUB_PROGRAM. All clocks are of one machine.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, openPage } from '../tests/browser/browser.mjs';
import { Program } from '../tests/browser/program.mjs';

const [keys, tabs] = process.argv.slice(2).map(Number);
const kChannel = 'bench';
const monotonicMs = () => Number(process.hrtime.bigint()) / 1e6;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs in the page: notes each key, by the page's clock. */
function watchKeys() {
  window.bench = { frames: [], keys: [] };
  addEventListener('keydown', (event) => {
    if (!event.repeat) window.bench.keys.push(event.timeStamp);
  }, true);
}

/** Runs in the page: notes each picture's stamp and marker (docs/stamp.md), by the page's clock. */
function watchPictures() {
  const video = document.querySelector('video');
  const canvas = new OffscreenCanvas(512, 48);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const bits = (left, top, cell, height, count, row) => {
    const pixels = context.getImageData(0, 0, 512, 48).data;
    const bytes = new Uint8Array(count / 8);
    for (let k = 0; k < count; k++) {
      const x0 = left + cell * (k % row);
      const y0 = top + height * Math.floor(k / row);
      let sum = 0;
      let samples = 0;
      for (let y = y0 + height / 4; y < y0 + (3 * height) / 4; y++) {
        for (let x = x0 + cell / 4; x < x0 + (3 * cell) / 4; x++, samples++) {
          sum += pixels[4 * (512 * y + x) + 1];
        }
      }
      if (sum > 124 * samples) bytes[k >> 3] |= 0x80 >> (k & 7);
    }
    return bytes;
  };
  const onFrame = () => {
    const at = performance.now();
    context.drawImage(video, 0, 0, 512, 32, 0, 0, 512, 32);
    context.drawImage(video, 0, video.videoHeight - 16, 320, 16, 0, 32, 320, 16);
    const stamp = bits(0, 0, 16, 16, 64, 32);
    const marker = bits(0, 32, 8, 16, 40, 40);
    const throttle = marker[0] === 0xc3 ? (marker[2] << 24) >> 24 : undefined;
    const taken = stamp[0] === 0xa5 ? new DataView(stamp.buffer).getUint32(3) : undefined;
    window.bench.frames.push({ at, throttle, taken });
    video.requestVideoFrameCallback(onFrame);
  };
  video.requestVideoFrameCallback(onFrame);
}

/** What to add to the page's performance.now() to have this machine's monotonic clock. */
async function clockOf(page) {
  let best = { trip: Infinity };
  for (let i = 0; i < 50; i++) {
    const before = monotonicMs();
    const now = await page.evaluate(() => performance.now());
    const after = monotonicMs();
    if (after - before < best.trip) best = { trip: after - before, offset: (before + after) / 2 - now };
  }
  return best.offset;
}

class Robot {
  constructor(port) {
    this.data = mkdtempSync(join(tmpdir(), 'rtcpub-bench-'));
    this.program = new Program([
      'publish', '--server', `ws://127.0.0.1:${port}`, '--channel', kChannel, '--video', 'sim:?fps=30&stamp',
      '--control', '--control-log', join(this.data, 'log'), '--car', 'sim:', '--print-data',
    ]);
  }
  get log() {
    return readFileSync(join(this.data, 'log'), 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line));
  }
  accepted() {
    return this.log.filter((line) => line.event === 'command' && line.verdict === 'accepted');
  }
  end() {
    this.program.process.kill('SIGKILL');
    rmSync(this.data, { recursive: true });
  }
}

/** Drives: the gate has taken a neutral command, so the next key counts. */
async function take(page, robot) {
  const before = robot.log.length;
  await page.getByRole('button', { name: 'Take control' }).first().click();
  const driven = () => robot.log.slice(before).findLast((line) => line.event === 'state')?.state === 'driven';
  for (let i = 0; i < 1000 && !driven(); i++) await sleep(20);
  if (!driven()) throw new Error('the robot does not go by the page');
  await sleep(200); // for the page to hear of it
}

const holds = (page, throttle) =>
  page.waitForFunction((wanted) => Math.sign(window.bench.frames.at(-1)?.throttle) === wanted, throttle, { polling: 5 });

const keyOf = (i) => (i % 2 === 0 ? 'w' : 's');
const signOf = (i) => (i % 2 === 0 ? 1 : -1);

/** Key down to the gate's verdict. */
async function timeCommands(page, robot, offset) {
  for (let i = 0; i < keys; i++) {
    await page.keyboard.down(keyOf(i));
    await sleep(100 + 80 * Math.random());
    await page.keyboard.up(keyOf(i));
    await sleep(100 + 80 * Math.random());
  }
  const commands = robot.accepted();
  return (await page.evaluate(() => window.bench.keys.splice(0))).map((at, i) => {
    const mine = commands.find((command) => command.at / 1000 > at + offset && Math.sign(command.axes.throttle ?? 0) === signOf(i));
    return mine.at / 1000 - at - offset;
  });
}

/** Key down to the picture that shows it. */
async function timePictures(page, offset) {
  await page.evaluate(watchPictures);
  await page.waitForFunction(() => window.bench.frames.length > 0);
  for (let i = 0; i < keys; i++) {
    await page.keyboard.down(keyOf(i));
    await holds(page, signOf(i));
    await page.keyboard.up(keyOf(i));
    await holds(page, 0);
    await sleep(100 + 80 * Math.random());
  }
  const { frames, keys: pressed } = await page.evaluate(() => window.bench);
  const visible = pressed.map((at, i) => {
    const mine = frames.find((frame) => frame.at > at && Math.sign(frame.throttle ?? 0) === signOf(i));
    return mine.at - at;
  });
  const decoded = frames.filter((frame) => frame.taken !== undefined).map((frame) => {
    const us = Math.round((frame.at + offset) * 1000) % 2 ** 32;
    return ((us - frame.taken + 2 ** 32) % 2 ** 32) / 1000;
  });
  return { visible, decoded };
}

async function pressKeys(page, robot) {
  await page.evaluate(watchKeys);
  await take(page, robot);
  const offset = await clockOf(page);
  const accepted = await timeCommands(page, robot, offset);
  return { accepted, ...(await timePictures(page, offset)) };
}

/** From the last command to the car's neutral, when the tab is left by `leave` while a key is held. */
async function leaveTab(browser, url, robot, leave) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('video').waitFor();
  await page.waitForFunction(() => document.querySelector('video').videoWidth > 0);
  await take(page, robot);
  const moving = () => robot.program.lines.filter((line) => line.startsWith(':control')).at(-1)?.includes('throttle');
  for (let tries = 0; tries < 10 && !moving(); tries++) {
    await page.keyboard.up('w'); // a stop meanwhile, on a busy machine, wants that
    await sleep(200);
    await page.keyboard.down('w');
    for (let i = 0; i < 100 && !moving(); i++) await sleep(10);
  }
  if (!moving()) throw new Error('the car does not start');
  await sleep(100 + 100 * Math.random());
  await leave(page);
  for (let i = 0; i < 500 && moving(); i++) await sleep(10);
  await sleep(50);
  const log = robot.log;
  const isMoving = (line) => line.event === 'command' && line.verdict === 'accepted' && (line.axes.throttle ?? 0) !== 0;
  const last = log.findLastIndex(isMoving);
  const ended = log.slice(last + 1).find((line) =>
    (line.event === 'command' && line.verdict === 'accepted') || (line.event === 'state' && line.reason));
  await context.close();
  return (ended.at - log[last].at) / 1000;
}

const closeTab = (page) => page.close();
const hideTab = async (page) => {
  // Playwright keeps all pages visible (findings/playwright_keeps_pages_awake.sh): the page is told by script.
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
};

const data = mkdtempSync(join(tmpdir(), 'rtcpub-bench-'));
const server = new Program(['serve', '--listen', '127.0.0.1:0', '--media-port', '0', '--data-dir', data]);
let robot;
let browser;
try {
  const port = await server.waitFor((line) => line.match(/http:\/\/127\.0\.0\.1:(\d+)/)?.[1]);
  robot = new Robot(port);
  await robot.program.waitFor((line) => line === 'success');
  browser = await launch();
  const url = `http://127.0.0.1:${port}/?channel=${kChannel}`;
  const page = await openPage(browser);
  await page.goto(url);
  await page.waitForFunction(() => document.querySelector('video')?.videoWidth > 0);
  const figures = keys > 0 ? await pressKeys(page, robot) : {};
  await page.close();
  figures.closed = [];
  figures.hidden = [];
  for (let i = 0; i < tabs; i++) {
    figures.closed.push(await leaveTab(browser, url, robot, closeTab));
    figures.hidden.push(await leaveTab(browser, url, robot, hideTab));
  }
  console.log(JSON.stringify(figures));
} finally {
  await browser?.close();
  robot?.end();
  server.process.kill('SIGKILL');
  rmSync(data, { recursive: true, force: true });
}
