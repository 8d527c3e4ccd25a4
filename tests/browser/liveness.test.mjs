// Whether a picture is live, and whether somebody watches it: told at once, on both ends.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage } from './browser.mjs';
import { Stage } from './program.mjs';

const kVideo = '[data-testid=video]';

const stage = new Stage();
let server;
let robot;
let browser;
let page;

async function publish(channel, video) {
  const to = ['--server', server.ws, '--channel', channel];
  const data = ['--data', 'metric', '--data', 'stream', '--print-data', '--stats'];
  const started = stage.start('publish', ...to, '--video', video, ...data);
  await started.waitForLine('success');
  return started;
}

/** Waits until the text of an element is as wanted. */
async function textBecomes(id, pattern) {
  const find = ([testId, source]) =>
    new RegExp(source).test(document.querySelector(`[data-testid=${testId}]`)?.textContent ?? '');
  await page.waitForFunction(find, [id, pattern.source]);
}

/** Waits until the picture has moved for so long that its rhythm is known. */
async function pictureMoves(frames = 12) {
  const count = ([selector, wanted]) =>
    new Promise((resolve) => {
      const video = document.querySelector(selector);
      const onFrame = () => (--wanted > 0 ? video.requestVideoFrameCallback(onFrame) : resolve());
      video.requestVideoFrameCallback(onFrame);
    });
  await page.evaluate(count, [kVideo, frames]);
}

/** From now on, and anew when it is called again, the page keeps what it shows and when, in milliseconds since 1970. */
function record() {
  const isNew = window.seen === undefined;
  const now = () => performance.timeOrigin + performance.now();
  const video = document.querySelector('[data-testid=video]');
  window.seen = { states: [], marked: [], lastFrame: now(), said: 0 };
  if (!isNew) return;
  const onFrame = () => {
    window.seen.lastFrame = now();
    video.requestVideoFrameCallback(onFrame);
  };
  video.requestVideoFrameCallback(onFrame);
  const on = (element, options, note) => new MutationObserver(note).observe(element, options);
  const picture = video.closest('.picture');
  on(picture, { attributes: true, attributeFilter: ['data-old'] }, () => {
    const { lastFrame, marked } = window.seen;
    if (picture.hasAttribute('data-old')) marked.push({ at: now(), sinceFrame: now() - lastFrame });
  });
  const state = document.querySelector('[data-testid=state]');
  const all = { childList: true, characterData: true, subtree: true };
  on(state, all, () => window.seen.states.push({ at: now(), state: state.textContent }));
  // What a screen reader reads by itself.
  for (const live of document.querySelectorAll(
    '[role=status], [role=alert], [aria-live], output',
  )) {
    on(live, all, () => window.seen.said++);
  }
}

/** Runs `look` while the robot is frozen. */
async function whileFrozen(program, look) {
  program.process.kill('SIGSTOP');
  try {
    await look();
  } finally {
    program.process.kill('SIGCONT');
  }
  await textBecomes('state', /^Connected$/);
}

const seen = () => page.evaluate(() => window.seen);

const isShut = () => page.getByTestId('send-button').isDisabled();

before(async () => {
  server = await stage.serve();
  robot = await publish('car-1', 'test:?size=640x480&fps=30&stamp');
  browser = await launch();
  page = await openPage(browser);
  await page.goto(`${server.http}/?channel=car-1`);
  await textBecomes('state', /^Connected$/);
});

after(async () => {
  await browser?.close();
  await stage.close();
});

test('the picture of a frozen robot is old before anybody else knows', async (t) => {
  for (let run = 0; run < 3; run++) {
    await pictureMoves();
    assert.equal(await isShut(), false);
    await page.evaluate(record);
    const frozenAt = Date.now();
    await whileFrozen(robot, async () => {
      await textBecomes('state', /^Picture frozen$/);
      await textBecomes('age', /^This picture is \d+\.\d s old$/);
      assert.ok(await page.locator('.picture[data-old]').isVisible());
      await textBecomes('send-note', /^Off while nothing new arrives/);
      assert.ok(await isShut());
      await textBecomes('state', /^Publisher away$/);
      assert.ok(await isShut());
    });
    const { states, marked } = await seen();
    const [{ at, sinceFrame }] = marked;
    assert.deepEqual(
      states.map(({ state }) => state),
      ['Picture frozen', 'Publisher away', 'Connected'],
    );
    t.diagnostic(
      `frozen → marked ${Math.round(at - frozenAt)} ms, after its last frame ${Math.round(sinceFrame)} ms; ` +
        `server's word ${Math.round(states[1].at - frozenAt)} ms`,
    );
    await page.locator('.picture:not([data-old])').waitFor();
    await page.locator('[data-testid=send-button]:not([disabled])').waitFor();
  }
});

test('while a picture grows old a screen reader is told once, not with every tenth of a second', async () => {
  await pictureMoves();
  await page.evaluate(record);
  await whileFrozen(robot, async () => {
    await textBecomes('state', /^Publisher away$/);
    await textBecomes('age', /^This picture is (\d{2}|[7-9]\.\d) s old$/);
    const { said } = await seen();
    // Twice the state, once each the notice and why nothing can be sent.
    assert.ok(said <= 4, `${said} times in some seconds`);
  });
});

test('telemetry that comes all the time is not read out', async () => {
  await pictureMoves();
  await page.evaluate(record);
  for (let i = 0; i < 20; i++) {
    robot.write(`metric\t{"speed":${i}}`);
    await page.waitForFunction(
      (value) => document.querySelector('[data-series=speed] .value')?.textContent === value,
      String(i),
    );
  }
  assert.equal((await seen()).said, 0);
});

test('in full screen the state, the delay and the age of the picture can be read', async () => {
  await pictureMoves();
  await page.getByRole('button', { name: 'Full screen' }).click();
  await page.getByRole('button', { name: 'Leave full screen' }).waitFor();
  await textBecomes('hud', /^Delay [\d.]+ ms$/);
  assert.ok(await page.getByTestId('hud').isVisible());
  assert.ok(await page.getByTestId('state').isVisible());
  await whileFrozen(robot, async () => {
    await textBecomes('state', /^Picture frozen/);
    await textBecomes('age', /^This picture is/);
    assert.ok(await page.getByTestId('age').isVisible());
    assert.ok(await page.getByTestId('state').isVisible());
    await textBecomes('state', /^Publisher away/);
  });
  await textBecomes('state', /^Connected/);
  await page.getByRole('button', { name: 'Leave full screen' }).click();
  await page.getByRole('button', { name: 'Full screen', exact: true }).waitFor();
  assert.equal(await page.getByTestId('hud').isVisible(), false);
});

test('a picture that is scrolled out of sight goes on being live', async () => {
  await page.setViewportSize({ width: 390, height: 400 });
  await pictureMoves();
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await page.evaluate(record);
  // The browser shows none of the frames that come meanwhile.
  for (let second = 0; second < 6; second++) await robot.waitForStats(() => true);
  assert.deepEqual((await seen()).marked, []);
  await whileFrozen(robot, () => textBecomes('state', /^Picture frozen$/));
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.evaluate(record);
  await pictureMoves(60);
  assert.deepEqual((await seen()).marked, []);
  await page.setViewportSize({ width: 1280, height: 720 });
});

test('a camera of two pictures a second is not frozen', async () => {
  const slow = await publish('slow', 'test:?size=320x240&fps=2');
  await page.goto(`${server.http}/?channel=slow`);
  await textBecomes('state', /^Connected$/);
  await page.evaluate(record);
  await pictureMoves(12);
  assert.deepEqual((await seen()).marked, []);
  await whileFrozen(slow, () => textBecomes('state', /^Picture frozen$/));
  await slow.end('SIGINT');
  await page.goto(`${server.http}/?channel=car-1`);
  await textBecomes('state', /^Connected$/);
});

/** The robot is told so from now on. */
const viewersBecome = (count) =>
  robot.waitFor((line) => line === `:viewers ${count}`, { fromNow: true });

test('a closed tab is told to the robot', async (t) => {
  for (let run = 0; run < 3; run++) {
    const other = await openPage(browser);
    await Promise.all([viewersBecome(2), other.goto(`${server.http}/?channel=car-1`)]);
    const closedAt = Date.now();
    await Promise.all([viewersBecome(1), other.close()]);
    t.diagnostic(`tab closed → robot told ${Date.now() - closedAt} ms`);
  }
});

test('a page that is left says so itself, and connects again when it comes back', async () => {
  const tell = (type) => window.dispatchEvent(new PageTransitionEvent(type, { persisted: true }));
  await Promise.all([viewersBecome(0), page.evaluate(tell, 'pagehide')]);
  await Promise.all([viewersBecome(1), page.evaluate(tell, 'pageshow')]);
  await textBecomes('state', /^Connected$/);
  await pictureMoves();
});
