// What `rtcpub demo` shows: a simulated car to be driven, with its instruments in the picture.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { launch, openPage, seen, textBecomes } from './browser.mjs';
import { kDeadlineMs, Stage } from './program.mjs';

const kTouch = { isMobile: true, hasTouch: true };
const kScreens = [
  { width: 1280, height: 720 },
  { width: 1280, height: 720, fullScreen: true },
  { width: 844, height: 390, ...kTouch },
  { width: 390, height: 844, ...kTouch },
];
/** Where the picture has what is to be read, in shares of it (core/sim/picture_test.cc). */
const kInstruments = {
  laps: { left: 0.75, top: 0.59, right: 1, bottom: 0.8 },
  panel: { left: 0, top: 0.8, right: 1, bottom: 1 },
};
const kNotice = { left: 0.28, top: 0.29, right: 0.72, bottom: 0.39 };

const stage = new Stage();
let demo;
let address;
let browser;

before(async () => {
  demo = stage.start('demo', '--listen', '127.0.0.1:0', '--media-port', '0');
  [, address] = await demo.waitFor((line) => /open (http\S+)/.exec(line));
  browser = await launch();
});

// Whoever drives drives no more.
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

after(async () => {
  await browser?.close();
  await stage.close();
});

async function open({ width, height, fullScreen = false, ...more }) {
  const page = await openPage(browser, {
    viewport: { width, height },
    ...more,
  });
  await page.goto(address);
  await page.locator('html[data-state=connected]').waitFor();
  await page.getByTestId('drive-emergency').waitFor();
  await page.waitForFunction(() => document.querySelector('video').videoWidth > 0);
  if (fullScreen) {
    await page.getByRole('button', { name: 'Full screen' }).click();
    await page.getByRole('button', { name: 'Leave full screen' }).waitFor();
  }
  return page;
}

/** Runs in the page: what of it lies over which of these parts of the picture. */
function covered(parts) {
  const video = document.querySelector('video');
  const box = video.getBoundingClientRect();
  const scale = Math.min(box.width / video.videoWidth, box.height / video.videoHeight);
  const [width, height] = [video.videoWidth * scale, video.videoHeight * scale];
  const left = box.left + (box.width - width) / 2;
  const top = box.top + (box.height - height) / 2;
  const over = '.bar, .cameras button, .picture :is(button, .says, .loop-delay, .keys-area, .asks)';
  const things = [...document.querySelectorAll(`${over}, .picture .thumb-hint`)].filter((e) => {
    const { width: wide, height: high } = e.getBoundingClientRect();
    return e.checkVisibility() && wide > 1 && high > 1; // what is smaller is for screen readers
  });
  return Object.entries(parts).flatMap(([name, part]) => {
    const isOver = (e) => {
      const its = e.getBoundingClientRect();
      return (
        its.left < left + part.right * width &&
        its.right > left + part.left * width &&
        its.top < top + part.bottom * height &&
        its.bottom > top + part.top * height
      );
    };
    return things.filter(isOver).map((e) => `${name}: ${e.className} "${e.textContent}"`);
  });
}

test('who watches sees how late the picture is', async () => {
  const page = await open(kScreens[0]);
  await textBecomes(page, 'delay', /^[\d.]+ ms$/);
  const delay = parseFloat(await page.getByTestId('delay').textContent());
  assert.ok(delay > 0 && delay < 5000, `${delay}`);
});

for (const screen of kScreens) {
  const size = `${screen.width}x${screen.height}${screen.fullScreen ? ' in full screen' : ''}`;

  test(`on ${size} nothing lies over the car’s instruments`, async () => {
    const page = await open(screen);
    await textBecomes(page, 'drive-says', /^Nobody drives\.$/);
    assert.deepEqual(await page.evaluate(covered, { ...kInstruments, notice: kNotice }), []);
    await seen(page, 'drive-take').click();
    await textBecomes(page, 'drive-says', /^You drive\.$/);
    assert.deepEqual(await page.evaluate(covered, kInstruments), []);
    await page.getByTestId('drive-emergency').click();
    await textBecomes(page, 'drive-alarm', /stands still\. By you/);
    assert.deepEqual(await page.evaluate(covered, kInstruments), []);
    await seen(page, 'drive-clear').click();
    await textBecomes(page, 'drive-emergency', /^Emergency stop$/);
    await textBecomes(page, 'drive-says', /^You drive\.$/);
  });
}

test('a thumb on the picture drives the car', async () => {
  const page = await open({ width: 390, height: 844, ...kTouch });
  await seen(page, 'drive-take').click();
  await textBecomes(page, 'drive-says', /^You drive\.$/);
  const client = await page.context().newCDPSession(page);
  const touch = (type, ...points) =>
    client.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: points.map(([x, y]) => ({ x, y })),
    });
  const { x, y, width, height } = await page.getByTestId('video').boundingBox();
  const [thumbX, thumbY] = [x + width / 3, y + height * 0.7];
  const goes = () => /"kmh":[1-9]/.test(document.querySelector('[data-testid=log]').textContent);
  // On a machine that is held up for 0.2 s it has to be put down anew, rightly.
  for (const end = Date.now() + kDeadlineMs; Date.now() < end; ) {
    await touch('touchStart', [thumbX, thumbY]);
    await touch('touchMove', [thumbX, thumbY - 72]);
    const went = await page.waitForFunction(goes, undefined, { timeout: 3000 }).catch(() => null);
    await touch('touchEnd');
    if (went) return;
  }
  assert.fail('it doesn’t go');
});
