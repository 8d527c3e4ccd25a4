// What the console says: in words of each language, and to a screen reader.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { launch, openPage, plotAppears } from './browser.mjs';
import { standIn } from './drive_page.mjs';
import { Stage } from './program.mjs';

const kAxe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
const kTouch = { isMobile: true, hasTouch: true };
const kDesk = { width: 1440, height: 900 };
const kPhone = { width: 390, height: 844, ...kTouch };
const kOnItsSide = { width: 640, height: 360, ...kTouch };
const kLanguages = { 'en-US': 'en', 'ko-KR': 'ko' };

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
  return page;
}

/** In control, asked by another for it, and too fast for the delay. */
async function openDriving(screen) {
  const page = await openLive(screen, standIn);
  await page.evaluate(() => {
    window.stage.grant();
    window.stage.report({ state: 'driven', reason: '', delay: 287.5, factor: 0.7 });
    window.stage.tell({ asking: { id: 6, name: 'Bob' } });
  });
  await page.getByTestId('drive-delay').getByText('288 ms').waitFor();
  return page;
}

async function read(page, lang) {
  assert.equal(await page.locator('html').getAttribute('lang'), lang);
  const { violations } = await page.evaluate(() =>
    window.axe.run({ rules: { 'label-content-name-mismatch': { enabled: true } } }),
  );
  const told = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
  assert.deepEqual(told, []);
}

for (const colorScheme of ['dark', 'light']) {
  for (const [locale, lang] of Object.entries(kLanguages)) {
    test(`nothing stands in a screen reader’s way: ${colorScheme}, ${lang}`, async () => {
      for (const screen of [kDesk, kPhone]) {
        const how = { ...screen, colorScheme, locale };
        const live = await openLive(how);
        const list = await open(how, '/');
        const waiting = await open(how, '/?channel=nobody');
        await list.getByTestId('channel-link').first().waitFor();
        await waiting.locator('html[data-state=waiting]').waitFor();
        for (const page of [live, list, waiting]) {
          await page.evaluate(kAxe);
          await read(page, lang);
          await page.close();
        }
      }
      for (const screen of [kDesk, kPhone, kOnItsSide]) {
        const page = await openDriving({ ...screen, colorScheme, locale });
        await page.evaluate(kAxe);
        await read(page, lang);
        if (screen === kOnItsSide) {
          await page.getByTestId('panels-button').click();
          await read(page, lang);
        }
        await page.close();
      }
    });
  }
}

/** Words of Latin letters that are seen or read out, but for names and units. */
function latinWords() {
  const known = new Set(
    (
      'RTCPub English car-1 car nobody no front rear stream metric battery voltage speed key maxSpeed value ' +
      'bit kbit Mbit s ms min h H264 VP8 JSON ID rtcbot rtcpub publish server channel ws video test stamp ' +
      'data f W A S D X Space Kim Bob'
    )
      .split(' ')
      .map((word) => word.toLowerCase()),
  );
  const texts = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    if (walk.currentNode.parentElement.checkVisibility()) texts.push(walk.currentNode.data);
  }
  for (const e of document.querySelectorAll('[aria-label], [title]')) {
    texts.push(e.getAttribute('aria-label') ?? '', e.title ?? '');
  }
  const words = texts.flatMap((text) => text.match(/[A-Za-z][A-Za-z0-9]*/g) ?? []);
  return [...new Set(words)].filter((word) => !known.has(word.toLowerCase()));
}

test('a Korean browser’s page is Korean, and the other language can be chosen for good', async () => {
  const context = await browser.newContext({
    locale: 'ko-KR',
    viewport: kDesk,
  });
  const page = await openPage(context);
  for (const path of ['/', '/?channel=nobody', '/?channel=car-1', '/?channel=no!']) {
    await page.goto(server.http + path);
    await page.getByTestId('language').waitFor();
    if (path.endsWith('car-1')) await page.getByText('연결됨', { exact: true }).waitFor();
    if (path.endsWith('nobody')) await page.getByText('대기 중', { exact: true }).waitFor();
    assert.deepEqual(await page.evaluate(latinWords), [], path);
  }
  const driving = await openDriving({ ...kDesk, locale: 'ko-KR' });
  assert.deepEqual(await driving.evaluate(latinWords), []);
  const emergency = { by: 'member 2', why: 'pressed in the console', confirmed: true };
  await driving.evaluate((value) => window.stage.tell({ emergency: value }), emergency);
  await driving.getByTestId('drive-alarm').getByText('2번 접속자').waitFor();
  assert.deepEqual(await driving.evaluate(latinWords), []);
  await driving.close();
  await page.goto(`${server.http}/?channel=car-1`);
  await page.getByTestId('language').selectOption('en');
  await page.getByText('Connected', { exact: true }).waitFor();
  await page.goto(`${server.http}/?channel=nobody`);
  await page.getByText('Waiting', { exact: true }).waitFor();
  // What the address asks for comes first, until something else is chosen here.
  await page.goto(`${server.http}/?channel=nobody&lang=ko`);
  await page.getByText('대기 중', { exact: true }).waitFor();
  await page.getByTestId('language').selectOption('en');
  await page.getByText('Waiting', { exact: true }).waitFor();
  await context.close();
});
