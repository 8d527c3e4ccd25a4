// A robot with a gate, a server and pages that drive it: from the key that is pressed to what the gate lets pass.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { launch, openPage, seen, textBecomes } from './browser.mjs';
import { kDeadlineMs, Stage } from './program.mjs';

/** A server that has a name asks for tokens also where it listens on loopback. */
const kNamed = ['--name', 'robots.test'];
/** The gate stops 200 ms after the last valid command; how soon exactly is measured elsewhere. */
const kSoonMs = 3000;

const stage = new Stage();
let server;
let robot;
let browser;

async function publish(channel, ...more) {
  const started = stage.start(
    ...['publish', '--server', server.ws, '--channel', channel, '--print-data', ...more],
    ...['--token-file', await stage.tokenFile({ channel, rights: 'publish' })],
    ...['--video', 'test:?size=320x240&fps=20', '--data', 'stream'],
  );
  await started.waitForLine('success');
  return started;
}

async function open({ name, rights = 'view,drive', channel = 'car-1' }) {
  const token = await stage.token({ channel: '*', rights, name });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await openPage(context);
  await page.goto(`${server.http}/?channel=${channel}#token=${token}`);
  await page.locator('html[data-state=connected]').waitFor();
  await page.getByTestId('drive-emergency').waitFor();
  return page;
}

/** Drives, and the robot has let a neutral command pass. */
async function takeControl(page) {
  await seen(page, 'drive-take').first().click();
  await textBecomes(page, 'drive-says', /^You drive\.$/);
}

/** What the gate lets pass, in a line of the robot's; undefined: another line. */
const passed = (line) => line.startsWith(':control ') && JSON.parse(line.slice(9));
const movesBy = (axis, sign) => (line) => Math.sign(passed(line)?.axes?.[axis] ?? 0) === sign;
const stands = (line) => passed(line)?.neutral === true;

/** The robot moves by this key, as long as it is held. A machine that is held up for 0.2 s needs another try, rightly. */
async function drive(page, key, axis, sign, from = robot) {
  for (const end = Date.now() + kDeadlineMs; Date.now() < end; ) {
    const moves = from.waitFor(movesBy(axis, sign), { fromNow: true, deadlineMs: 3000 });
    const began = moves.then(
      () => true,
      () => false,
    );
    await page.keyboard.down(key);
    if (await began) return;
    await page.keyboard.up(key);
    await textBecomes(page, 'drive-says', /^You drive\.$/);
  }
  assert.fail(`${key} moves nothing`);
}

/** The robot is neutral soon after this, for the reason that is named, or for any. */
async function stops(act, { reason, from = robot } = {}) {
  const began = performance.now();
  const isWanted = (line) => stands(line) && (!reason || passed(line).reason === reason);
  const stopped = from.waitFor(isWanted, { fromNow: true });
  await act();
  await stopped;
  const took = performance.now() - began;
  assert.ok(took < kSoonMs, `${took} ms`);
}

before(async () => {
  server = await stage.serve({ more: kNamed });
  robot = await publish('car-1', '--control');
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

test('keys drive the robot, and their end is neutral', async () => {
  const page = await open({ name: 'Kim' });
  await takeControl(page);
  await drive(page, 'w', 'throttle', 1);
  await drive(page, 'ArrowLeft', 'steering', -1);
  await page.keyboard.up('ArrowLeft');
  await stops(() => page.keyboard.up('w'));
  await textBecomes(page, 'drive-delay', /^[\d.]+ ms$/);
  const delay = parseFloat(await page.getByTestId('drive-delay').textContent());
  assert.ok(delay > 0 && delay < 2000, `${delay}`);
});

test('a tab that is closed while a key is held stops the robot', async () => {
  const page = await open({ name: 'Kim' });
  await takeControl(page);
  await drive(page, 's', 'throttle', -1);
  await stops(() => page.context().close());
});

test('a page that hangs stops the robot, and what is held meanwhile moves nothing after it', async () => {
  const page = await open({ name: 'Kim' });
  await takeControl(page);
  await drive(page, 'w', 'throttle', 1);
  const hang = () => {
    const end = performance.now() + 1500;
    while (performance.now() < end);
  };
  await stops(() => page.evaluate(hang), { reason: 'silence' });
  await textBecomes(page, 'drive-says', /Let go of all keys/);
  await page.keyboard.up('w');
  await textBecomes(page, 'drive-says', /^You drive\.$/);
  await drive(page, 'w', 'throttle', 1);
});

test('a second page asks, is given control, and drives; the first one doesn’t any more', async () => {
  const [kim, bob] = [await open({ name: 'Kim' }), await open({ name: 'Bob' })];
  await takeControl(kim);
  await textBecomes(bob, 'drive-who', /^Kim drives$/);
  await bob.getByRole('button', { name: 'Ask Kim for control' }).click();
  await textBecomes(kim, 'drive-says', /Bob asks to drive/);
  await seen(kim, 'drive-keep').first().click();
  await textBecomes(bob, 'drive-refused', /declined/);
  await drive(kim, 'w', 'throttle', 1);
  await bob.getByRole('button', { name: 'Ask Kim for control' }).click();
  await textBecomes(kim, 'drive-says', /Bob asks to drive/);
  await stops(() => seen(kim, 'drive-give').first().click());
  await textBecomes(kim, 'drive-who', /^Bob drives$/);
  await textBecomes(bob, 'drive-says', /^You drive\.$/);
  await drive(bob, 'a', 'steering', -1);
  await bob.keyboard.up('a');
  await seen(bob, 'drive-release').first().click();
  await textBecomes(kim, 'drive-who', /^Nobody drives$/);
});

test('who may only watch stops the robot; it confirms; an admin clears, and a held key moves nothing', async () => {
  const [kim, eye, boss] = [
    await open({ name: 'Kim' }),
    await open({ name: 'Eye', rights: 'view' }),
    await open({ name: 'Boss', rights: 'view,drive,admin' }),
  ];
  await takeControl(kim);
  await drive(kim, 'w', 'throttle', 1);
  await stops(() => eye.getByTestId('drive-emergency').click(), { reason: 'emergency' });
  for (const [page, by] of [
    [kim, 'Eye'],
    [eye, 'you'],
    [boss, 'Eye'],
  ]) {
    await textBecomes(page, 'drive-emergency', /^Stopped$/);
    await textBecomes(page, 'drive-alarm', new RegExp(`stands still.*By ${by}: pressed`));
  }
  assert.equal(await seen(kim, 'drive-clear').count(), 0);
  await seen(boss, 'drive-clear').click();
  await textBecomes(kim, 'drive-says', /Let go of all keys/);
  await textBecomes(eye, 'drive-emergency', /^Emergency stop$/);
  const before = robot.lines.length;
  await kim.keyboard.up('w');
  await textBecomes(kim, 'drive-says', /^You drive\.$/);
  assert.deepEqual(robot.lines.slice(before).filter(movesBy('throttle', 1)), []);
  await drive(kim, 'w', 'throttle', 1);
});

test('an old robot without a gate is driven, and told to stop when its driver is gone', async () => {
  const old = await publish('old-1');
  const page = await open({ name: 'Kim', channel: 'old-1' });
  await takeControl(page);
  await textBecomes(page, 'drive-note', /This robot has no gate/);
  const moves = old.waitFor((line) => /"key":"forward","value":[1-9]/.test(line));
  await page.keyboard.down('w');
  await moves;
  const stopped = old.waitFor((line) => /"key":"forward","value":0/.test(line), { fromNow: true });
  await page.context().close();
  await stopped;
  await old.end('SIGINT');
});
