// What one does with the picture: keys, snapshots, gauges beside it, a phone that stays awake or has no full screen.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { launch, openPage, tellUntil } from './browser.mjs';
import { Stage } from './program.mjs';

const stage = new Stage();
let server;
let robot;
let browser;

before(async () => {
  server = await stage.serve();
  robot = await publish('car-1');
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await stage.close();
});

async function publish(channel) {
  const started = stage.start(
    ...['publish', '--server', server.ws, '--channel', channel, '--data', 'metric'],
    ...['--video', 'front=test:?size=640x480&fps=15', '--video', 'rear=test:?size=512x256&fps=15'],
  );
  await started.waitForLine('success');
  return started;
}

/** `prepare` runs in the page before all else. */
async function open({
  channel = 'car-1',
  context = browser,
  prepare = () => undefined,
  argument,
  ...more
} = {}) {
  const page = await openPage(context, context === browser ? more : undefined);
  await page.addInitScript(prepare, argument);
  await page.goto(`${server.http}/?channel=${channel}`);
  await page.locator('html[data-state=connected]').waitFor();
  return page;
}

const camera = (page, name) => page.getByRole('button', { name, exact: true, pressed: true });

test('digits choose cameras and f is full screen, but not while somebody types', async () => {
  const page = await open();
  await camera(page, 'front').waitFor();
  await page.keyboard.press('2');
  await camera(page, 'rear').waitFor();
  await page.keyboard.press('1');
  await camera(page, 'front').waitFor();
  await page.keyboard.press('7'); // there is none
  await page.keyboard.press('f');
  await page.locator('html[data-layout=over]').waitFor();
  assert.ok(await page.evaluate(() => document.fullscreenElement === document.documentElement));
  for (const id of ['hud', 'state', 'cameras'])
    assert.ok(await page.getByTestId(id).isVisible(), id);
  await page.keyboard.press('f');
  await page.locator('html[data-layout=beside]').waitFor();
  await page.getByTestId('send-input').click();
  await page.keyboard.type('2f');
  assert.equal(await page.getByTestId('send-input').inputValue(), '2f');
  assert.equal(await page.locator('html').getAttribute('data-layout'), 'beside');
  await camera(page, 'front').waitFor();
  await page.close();
});

test('keys do nothing for who has switched them off, for good', async () => {
  const context = await browser.newContext();
  const page = await open({ context });
  await page.getByRole('checkbox', { name: /^Keys/ }).uncheck();
  await page.reload();
  await camera(page, 'front').waitFor();
  await page.locator('body').press('f');
  await page.locator('body').press('2');
  assert.equal(await page.locator('html').getAttribute('data-layout'), 'beside');
  await page.getByRole('checkbox', { name: /^Keys/ }).check();
  await page.locator('body').press('2');
  await camera(page, 'rear').waitFor();
  await page.locator('body').press('1');
  await camera(page, 'front').waitFor();
  await context.close();
});

test('a snapshot is the picture in its own size, named after channel and time', async () => {
  const page = await open();
  const began = Date.now();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('[aria-label="Save a snapshot"]:not([disabled])').click(),
  ]);
  const name = download.suggestedFilename();
  const [, date, hours, rest] = /^car-1_(\d{4}-\d\d-\d\d)_(\d\d)-(\d\d-\d\d\.\d{3})\.png$/.exec(
    name,
  );
  const told = new Date(`${date}T${hours}:${rest.replace('-', ':')}`).getTime();
  assert.ok(told >= began - 1000 && told <= Date.now() + 1000, name);
  const png = readFileSync(await download.path());
  assert.equal(png.subarray(1, 4).toString(), 'PNG');
  const shown = await page.getByTestId('video').evaluate((v) => [v.videoWidth, v.videoHeight]);
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], shown);
  // One of a single colour has 2 kB.
  assert.ok(png.length > 10_000, `${png.length} bytes`);
  await page.close();
});

test('each number is shown as one chooses, and that is kept for its channel', async () => {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
  });
  const page = await open({ context });
  const metric = 'metric\t{"speed":-1.5,"battery":7.4,"lap":12,"heading":270}';
  const gauge = (name) => page.locator(`[data-series="${name}"]`);
  await tellUntil(robot, metric, () => gauge('heading').locator('canvas').waitFor());
  await page.getByRole('button', { name: 'Choose' }).click();
  for (const [name, kind] of Object.entries({
    speed: 'dial',
    battery: 'bar',
    lap: 'number',
    heading: 'nothing',
  })) {
    await page.getByRole('combobox', { name: `Show ${name} as` }).selectOption(kind);
  }
  await page.getByRole('button', { name: 'Choose' }).click();
  const isShown = async () => {
    await gauge('speed').locator('.dial').waitFor();
    await gauge('battery').locator('.track').waitFor();
    await gauge('heading').waitFor({ state: 'hidden' });
    for (const [name, value] of [
      ['speed', '-1.5'],
      ['battery', '7.4'],
      ['lap', '12'],
    ]) {
      await gauge(name).locator('.value').getByText(value, { exact: true }).waitFor();
    }
    assert.equal(await gauge('battery').locator('.ends').textContent(), '010');
    assert.equal(await page.getByTestId('plot').locator('canvas').count(), 0);
  };
  await isShown();
  await page.reload();
  await page.locator('html[data-state=connected]').waitFor();
  await tellUntil(robot, metric, isShown);
  // Another channel's are its own.
  const other = await publish('car-2');
  const second = await open({ context, channel: 'car-2' });
  await tellUntil(other, 'metric\t{"speed":1}', () =>
    second.locator('[data-series=speed] canvas').waitFor(),
  );
  await other.end('SIGINT');
  await context.close();
});

/** A screen lock that can be watched; the browser's own depends on the machine. */
function fakeWakeLock() {
  window.locks = { held: 0, asked: 0 };
  class Sentinel extends EventTarget {
    released = false;
    async release() {
      if (!this.released) window.locks.held--;
      this.released = true;
    }
  }
  const request = async (kind) => {
    if (kind !== 'screen') throw new TypeError(kind);
    window.locks.asked++;
    window.locks.held++;
    return (window.lastLock = new Sentinel());
  };
  Object.defineProperty(navigator, 'wakeLock', {
    value: { request },
    configurable: true,
  });
}

const heldBecomes = (page, count) =>
  page.waitForFunction((wanted) => window.locks.held === wanted, count);

test('the screen stays on while there is something to watch, and only then', async () => {
  const car = await publish('awake');
  const page = await open({ channel: 'awake', prepare: fakeWakeLock });
  await heldBecomes(page, 1);
  // The browser takes it back when the page is hidden; it is asked for again when that is seen.
  await page.evaluate(() => {
    window.lastLock.release();
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await heldBecomes(page, 1);
  await car.end('SIGINT');
  await page.locator('html[data-state=waiting]').waitFor();
  await heldBecomes(page, 0);
  const again = await publish('awake');
  await page.locator('html[data-state=connected]').waitFor();
  await heldBecomes(page, 1);
  await again.end('SIGINT');
  await page.close();
});

test('where the browser has no such lock, or refuses it, nothing is said of that', async () => {
  for (const prepare of [
    () => Object.defineProperty(navigator, 'wakeLock', { value: undefined }),
    () => {
      const request = () => Promise.reject(new DOMException('no battery', 'NotAllowedError'));
      Object.defineProperty(navigator, 'wakeLock', { value: { request } });
    },
  ]) {
    const problems = [];
    const context = await browser.newContext();
    context.on('weberror', (error) => problems.push(String(error.error())));
    context.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    const page = await open({ context, prepare });
    await camera(page, 'front').waitFor();
    assert.deepEqual(problems, []);
    await context.close();
  }
});

test('only an iPhone is told to put the page on its Home Screen', async () => {
  const lackFullScreen = (standalone) => {
    Object.defineProperty(document, 'fullscreenEnabled', { value: false });
    Object.defineProperty(document, 'webkitFullscreenEnabled', { value: false });
    if (standalone !== null) Object.defineProperty(navigator, 'standalone', { value: standalone });
  };
  const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
  const openOn = (standalone) => open({ prepare: lackFullScreen, argument: standalone, ...phone });
  const page = await openOn(false);
  const advice = page.getByTestId('home-screen');
  assert.ok(!(await advice.isVisible()));
  await page.getByRole('button', { name: 'Full screen' }).tap();
  await advice.getByText('Add to Home Screen').waitFor();
  await advice.getByRole('button', { name: 'Close' }).tap();
  assert.ok(!(await advice.isVisible()));
  await page.close();
  // Opened from there it fills the screen, and another browser without full screen has no such thing.
  for (const standalone of [true, null]) {
    const other = await openOn(standalone);
    assert.equal(await other.getByRole('button', { name: 'Full screen' }).count(), 0);
    await other.close();
  }
});

test('the page can be installed, as itself, with icons that are there', async () => {
  const page = await open();
  const href = await page.locator('link[rel=manifest]').getAttribute('href');
  const manifest = await page.evaluate(async (url) => (await fetch(url)).json(), href);
  assert.equal(manifest.display, 'standalone');
  // Without one it is the page that is open: a channel's.
  assert.equal(manifest.start_url, undefined);
  const touchIcon = await page.locator('link[rel=apple-touch-icon]').getAttribute('href');
  for (const { src, sizes } of [...manifest.icons, { src: touchIcon, sizes: '180x180' }]) {
    const size = await page.evaluate(async (url) => {
      const image = new Image();
      image.src = url;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, src);
    assert.equal(size, sizes);
  }
  const session = await page.context().newCDPSession(page);
  const { errors, url } = await session.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  assert.match(url, /\/manifest\.webmanifest$/);
  await page.close();
});
