// The console on screens of every size: all can be seen, reached and hit; and read by a screen reader.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { launch, openPage } from './browser.mjs';
import { Stage } from './program.mjs';

const kAxe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
const kTouch = { isMobile: true, hasTouch: true };
const kScreens = [
  { width: 1920, height: 1080 },
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 768, height: 1024, ...kTouch },
  { width: 390, height: 844, ...kTouch },
  { width: 844, height: 390, ...kTouch },
];

const stage = new Stage();
let server;
let robot;
let browser;

before(async () => {
  server = await stage.serve();
  robot = stage.start(
    ...['publish', '--server', server.ws, '--channel', 'car-1', '--data', 'metric'],
    ...['--video', 'front=test:?size=1920x1080&fps=10&stamp'],
    ...['--video', 'rear=test:?size=640x480&fps=10'],
  );
  await robot.waitForLine('success');
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await stage.close();
});

async function open({ width, height, ...more }, path) {
  const page = await openPage(browser, { viewport: { width, height }, ...more });
  await page.goto(server.http + path);
  return page;
}

async function openLive(screen, path = '/?channel=car-1') {
  const page = await open(screen, path);
  await page.locator('html[data-state=connected]').waitFor();
  robot.write('metric\t{"battery":{"voltage":7.364},"speed":1.25}');
  await page.getByTestId('plot').locator('canvas').first().waitFor();
  await page.getByRole('button', { name: 'rear' }).waitFor();
  await page.waitForFunction(() =>
    /\d.*×.*[A-Z]/.test(document.querySelector('[data-testid=picture]').textContent),
  );
  return page;
}

/** What is wrong with where things are: parts outside their boxes, texts that are cut. */
function flaws() {
  const found = [];
  const name = (e) => `${e.tagName.toLowerCase()}.${e.className} "${e.textContent.slice(0, 30)}"`;
  const isSeen = (e) => e.checkVisibility() && e.getClientRects().length > 0;
  const all = (selector) => [...document.querySelectorAll(selector)].filter(isSeen);
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push(`the page is ${root.scrollWidth} px wide`);
  for (const e of all('button, input, select, a, dd, .state, .command, canvas')) {
    const box = e.closest('.panel, .picture, .strip, .bar, .empty, .open') ?? document.body;
    const [inner, outer] = [e.getBoundingClientRect(), box.getBoundingClientRect()];
    const isInside =
      inner.left >= outer.left - 0.5 &&
      inner.right <= outer.right + 0.5 &&
      inner.top >= outer.top - 0.5 &&
      inner.bottom <= outer.bottom + 0.5;
    if (!isInside) found.push(`${name(e)} leaves ${name(box)}`);
  }
  for (const e of all('button, dd, dt, label, .state, .notice, .note')) {
    if (e.clientWidth <= 1) continue; // for screen readers only
    const isCut = e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1;
    if (isCut && getComputedStyle(e).display !== 'inline') found.push(`${name(e)} is cut`);
  }
  return found;
}

/** What one drives with but can't see without scrolling. */
function belowTheFold() {
  const parts =
    '.picture, [data-testid=delay], [data-testid=cameras] button, .picture .tools button';
  const more = '[data-testid=send-input], [data-testid=send-button]';
  return [...document.querySelectorAll(`${parts}, ${more}`)]
    .filter((e) => e.checkVisibility() && e.getBoundingClientRect().bottom > window.innerHeight)
    .map((e) => `${e.tagName} ${e.className} ${e.textContent.slice(0, 20)}`);
}

/** What is too small for a thumb (WCAG 2.5.5: 44 px); a label is hit for its checkbox. */
function smallTargets() {
  return [...document.querySelectorAll('button, select, input, a')]
    .filter((e) => e.checkVisibility())
    .map((e) => (e.type === 'checkbox' ? e.closest('label') : e))
    .map((e) => [e, e.getBoundingClientRect()])
    .filter(([, { width, height }]) => width < 44 || height < 44)
    .map(([e, { width, height }]) => `${e.tagName} "${e.textContent}" ${width}x${height}`);
}

for (const screen of kScreens) {
  const size = `${screen.width}x${screen.height}`;

  test(`on ${size} all that one drives with is in sight, whole and in its place`, async () => {
    const page = await openLive(screen);
    assert.deepEqual(await page.evaluate(flaws), []);
    assert.deepEqual(await page.evaluate(belowTheFold), []);
    if (screen.hasTouch) assert.deepEqual(await page.evaluate(smallTargets), []);
    await page.close();
  });

  test(`on ${size} a channel that waits says what to type, and the list is whole`, async () => {
    const long = 'a-robot-with-a-name-of-as-many-letters-as-a-channel-id-may-have';
    const page = await open(screen, `/?channel=${long}`);
    await page.locator('html[data-state=waiting]').waitFor();
    assert.match(
      await page.locator('.command').textContent(),
      /^rtcpub publish --server ws:\/\/127\.0\.0\.1:\d+ \\\n/,
    );
    assert.deepEqual(await page.evaluate(flaws), []);
    await page.goto(server.http);
    await page.getByTestId('channel-link').first().waitFor();
    assert.deepEqual(await page.evaluate(flaws), []);
    if (screen.hasTouch) assert.deepEqual(await page.evaluate(smallTargets), []);
    await page.close();
  });
}

test('nothing stands in a screen reader’s way, dark or light', async () => {
  for (const colorScheme of ['dark', 'light']) {
    for (const screen of [kScreens[0], kScreens[4]]) {
      const live = await openLive({ ...screen, colorScheme });
      const list = await open({ ...screen, colorScheme }, '/');
      const waiting = await open({ ...screen, colorScheme }, '/?channel=nobody');
      await list.getByTestId('channel-link').first().waitFor();
      await waiting.locator('html[data-state=waiting]').waitFor();
      for (const page of [live, list, waiting]) {
        await page.evaluate(kAxe);
        const { violations } = await page.evaluate(() =>
          window.axe.run({ rules: { 'label-content-name-mismatch': { enabled: true } } }),
        );
        const told = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
        assert.deepEqual(told, []);
        await page.close();
      }
    }
  }
});
