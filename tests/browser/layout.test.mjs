// The console on screens of every size: all can be seen, reached and hit.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage, plotAppears } from './browser.mjs';
import { standIn } from './drive_page.mjs';
import { Stage } from './program.mjs';

const kTouch = { isMobile: true, hasTouch: true };
const kScreens = [
  { width: 1920, height: 1080 },
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 768, height: 1024, ...kTouch },
  { width: 1024, height: 1366, ...kTouch },
  { width: 390, height: 844, ...kTouch },
  { width: 360, height: 640, ...kTouch },
  { width: 640, height: 360, ...kTouch },
  { width: 844, height: 390, ...kTouch },
];
const kPhone = { width: 390, height: 844, ...kTouch };
const kOnItsSide = kScreens.filter(({ hasTouch, width, height }) => hasTouch && width > height);

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

async function open({ width, height, ...more }, path, prepare = () => undefined) {
  const page = await openPage(browser, { viewport: { width, height }, ...more });
  await page.addInitScript(prepare);
  await page.goto(server.http + path);
  return page;
}

async function openLive(screen, prepare) {
  const page = await open(screen, '/?channel=car-1', prepare);
  await page.locator('html[data-state=connected]').waitFor();
  await plotAppears(page, robot);
  await page.getByRole('button', { name: 'rear' }).waitFor();
  await page.waitForFunction(() =>
    /\d.*×.*[A-Z]/.test(document.querySelector('[data-testid=picture]').textContent),
  );
  // As long as it gets, though the robot may send less to a busy machine.
  await page.evaluate((text) => {
    document.querySelector('[data-testid=picture]').textContent = text;
  }, '1920×1080 H264');
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
    // What is moved in its own box needn't be in sight as a whole.
    if (e.closest('html[data-layout=over] .cameras, html[data-layout=over] .side')) continue;
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

/** What one drives with but can't see without scrolling, or that something else lies over. */
function outOfSight() {
  const parts =
    'video, [data-testid=state], [data-testid=cameras] button, .picture .tools button, ' +
    '.drive-overlay button, .panels-button';
  return [...document.querySelectorAll(parts)]
    .filter((e) => e.checkVisibility())
    .filter((e) => {
      const { left, right, top, bottom } = e.getBoundingClientRect();
      const isInside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
      const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      const isFree = e.tagName === 'VIDEO' || e.contains(hit);
      return !isInside || !isFree;
    })
    .map((e) => `${e.tagName} ${e.className} ${e.textContent.slice(0, 20)}`);
}

/** How the page could be moved, in px. */
function scrollable() {
  const { scrollWidth, scrollHeight, clientWidth, clientHeight } = document.scrollingElement;
  return [scrollWidth - clientWidth, scrollHeight - clientHeight];
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
    assert.deepEqual(await page.evaluate(outOfSight), []);
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

/** In control, and asked by another for it. */
async function openDriving(screen) {
  const page = await openLive(screen, standIn);
  await page.evaluate(() => {
    window.stage.grant();
    window.stage.report({ state: 'driven', reason: '', delay: 287.5, factor: 0.7 });
    window.stage.tell({ asking: { id: 6, name: 'Somebody Whosenameislong' } });
  });
  await page.getByTestId('drive-delay').getByText('288 ms').waitFor();
  return page;
}

for (const screen of [...kScreens, { width: 480, height: 270 }]) {
  const size = `${screen.width}x${screen.height}`;

  test(`on ${size} who drives has all at hand, in full screen, too`, async () => {
    const page = await openDriving(screen);
    const look = async () => {
      assert.deepEqual(await page.evaluate(flaws), []);
      assert.deepEqual(await page.evaluate(outOfSight), []);
      if (screen.hasTouch) assert.deepEqual(await page.evaluate(smallTargets), []);
    };
    await look();
    await page.getByRole('button', { name: 'Full screen' }).click();
    await page.locator('html[data-layout=over]').waitFor();
    await page.getByRole('button', { name: 'Leave full screen' }).waitFor();
    for (const id of ['state', 'drive-status', 'drive-delay', 'drive-emergency', 'cameras']) {
      assert.ok(await page.getByTestId(id).isVisible(), id);
    }
    await look();
    await page.close();
  });
}

for (const screen of kOnItsSide) {
  const size = `${screen.width}x${screen.height}`;

  test(`on ${size} the picture fills the window, and nothing is below it`, async () => {
    const page = await openLive(screen);
    const { x, y, width, height } = await page.getByTestId('video').boundingBox();
    assert.deepEqual([x, y, width, height], [0, 0, screen.width, screen.height]);
    assert.deepEqual(await page.evaluate(scrollable), [0, 0]);
    assert.ok(await page.getByTestId('hud').isVisible());
    // Panels come over it, scroll by themselves, and go.
    const button = page.getByTestId('panels-button');
    await button.tap();
    const panels = page.getByRole('region', { name: 'Panels' });
    assert.ok(await panels.isVisible());
    for (const id of ['delay', 'send-input', 'send-button', 'log', 'language']) {
      await page.getByTestId(id).scrollIntoViewIfNeeded();
      assert.ok(await page.getByTestId(id).isVisible(), id);
    }
    assert.deepEqual(await page.evaluate(flaws), []);
    assert.deepEqual(await page.evaluate(smallTargets), []);
    assert.deepEqual(await page.evaluate(scrollable), [0, 0]);
    assert.deepEqual(await page.evaluate(() => [scrollX, scrollY]), [0, 0]);
    await button.tap();
    assert.ok(!(await panels.isVisible()));
    await page.close();
  });
}

test('a phone that is turned shows all of it again, and keeps what was typed', async () => {
  const page = await openLive(kPhone);
  await page.getByTestId('send-input').fill('half a com');
  await page.getByTestId('send-input').blur();
  const layout = () => page.evaluate(() => document.documentElement.dataset.layout);
  assert.equal(await layout(), 'below');
  await page.setViewportSize({ width: 844, height: 390 });
  await page.locator('html[data-layout=over]').waitFor();
  assert.deepEqual(await page.evaluate(outOfSight), []);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.locator('html[data-layout=below]').waitFor();
  assert.equal(await page.getByTestId('send-input').inputValue(), 'half a com');
  // A keyboard makes the window as low as a phone on its side: the field stays where it is.
  await page.getByTestId('send-input').focus();
  await page.setViewportSize({ width: 390, height: 300 });
  await page.keyboard.type('mand');
  assert.equal(await page.getByTestId('send-input').inputValue(), 'half a command');
  assert.equal(await layout(), 'below');
  await page.close();
});

/** What Tab leads to, one after the other, until it comes round. */
async function tabStops(page) {
  const stops = [];
  await page.evaluate(() => document.activeElement?.blur());
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const e = document.activeElement;
      if (!e || e === document.body) return undefined;
      const { left, top } = e.getBoundingClientRect();
      const ring = getComputedStyle(e).outlineStyle;
      const name = e.getAttribute('aria-label') ?? e.id ?? '';
      return { name: name || e.textContent, left, top: top + scrollY, ring };
    });
    if (!stop) break;
    stops.push(stop);
  }
  return stops;
}

test('Tab leads through the page from top to bottom, and shows where it is', async () => {
  for (const screen of [kScreens[1], kPhone, kOnItsSide[1]]) {
    const page = await openLive(screen);
    const stops = await tabStops(page);
    assert.ok(stops.length >= 5, JSON.stringify(stops));
    for (const { name, ring } of stops) assert.notEqual(ring, 'none', name);
    const order = stops.map(({ name }) => name);
    const at = (name) => order.findIndex((each) => each === name);
    const fullScreen = at('Full screen');
    assert.ok(fullScreen >= 0 && fullScreen < at('front'), order.join(', '));
    if (screen === kPhone) {
      assert.ok(at('rear') < at('send-input') && at('send-input') < at('Choose'), order.join(', '));
    }
    await page.close();
  }
});

test('panels over the picture are opened, left and closed by keys', async () => {
  const page = await openLive({ width: 844, height: 390 });
  const button = page.getByRole('button', { name: 'Panels' });
  await button.focus();
  assert.equal(await button.getAttribute('aria-expanded'), 'false');
  await page.keyboard.press('Enter');
  assert.equal(await button.getAttribute('aria-expanded'), 'true');
  const isInside = () => page.evaluate(() => !!document.activeElement?.closest('#panels'));
  assert.ok(await isInside());
  await page.keyboard.press('Tab');
  assert.ok(await isInside());
  await page.keyboard.press('Escape');
  assert.equal(await button.getAttribute('aria-expanded'), 'false');
  assert.equal(await page.evaluate(() => document.activeElement?.dataset.testid), 'panels-button');
  await page.close();
});
