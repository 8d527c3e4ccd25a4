// Driving in the console: what makes a robot move, what stops it, and what a person sees of it. The server's and the
// robot's side of driving is a stand-in in the page (drive_page.mjs), so that each command can be looked at.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { launch, openPage, seen, textBecomes } from './browser.mjs';
import { commands, fakeGamepad, forgetCommands, standIn } from './drive_page.mjs';
import { kDeadlineMs, Stage } from './program.mjs';

const kAxe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
/** A server that has a name asks for tokens also where it listens on loopback. */
const kNamed = ['--name', 'robots.test'];

const stage = new Stage();
let server;
let robot;
let browser;
let driversToken;

/** A page of the channel with somebody to drive; `init`: more that runs before it is loaded. */
async function open({ token = driversToken, screen = {}, init, ...how } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    ...screen,
  });
  const page = await openPage(context);
  await page.addInitScript(standIn, how);
  if (init) await page.addInitScript(init);
  page.on('pageerror', (error) => assert.fail(String(error)));
  await page.goto(`${server.http}/?channel=car-1#token=${token}`);
  await page.locator('html[data-state=connected]').waitFor();
  return page;
}

/** Somebody who drives, and whose commands count. */
async function openDriver(how = {}) {
  const page = await open(how);
  await seen(page, 'drive-take').click();
  await page.waitForFunction(() => window.stage.commands.length > 20);
  await textBecomes(page, 'drive-says', /You drive\.$/);
  return page;
}

/** Waits for a command that doesn't move the robot. */
const stands = (page) =>
  page.waitForFunction(() => {
    const last = window.stage.commands.at(-1);
    return last && Object.keys(last.axes).length === 0;
  });

/**
 * Holds something until it moves the robot. On a machine that is held up for 0.2 s what is held moves nothing, rightly:
 * then it is let go and held again.
 */
async function hold(page, press, letGo, moves = movesAtAll) {
  for (const end = Date.now() + kDeadlineMs; Date.now() < end; ) {
    await press();
    const began = await page.waitForFunction(moves, undefined, { timeout: 3000 }).catch(() => null);
    if (began) return;
    await letGo();
    await stands(page);
  }
  assert.fail('nothing moves the robot');
}

/** Runs in the page. */
const movesAtAll = () => Object.keys(window.stage.commands.at(-1)?.axes ?? {}).length > 0;

const holdKey = (page, key, moves) =>
  hold(
    page,
    () => page.keyboard.down(key),
    () => page.keyboard.up(key),
    moves,
  );

/** All commands of the next so many are neutral. */
async function staysNeutral(page, count = 30) {
  await page.evaluate(forgetCommands);
  await page.waitForFunction((wanted) => window.stage.commands.length >= wanted, count);
  for (const { axes } of await page.evaluate(commands)) assert.deepEqual(axes, {});
}

before(async () => {
  server = await stage.serve({ more: kNamed });
  robot = stage.start(
    ...['publish', '--server', server.ws, '--channel', 'car-1', '--print-data'],
    ...['--token-file', await stage.tokenFile({ channel: 'car-1', rights: 'publish' })],
    ...['--video', 'test:?size=640x480&fps=30&stamp', '--data', 'stream'],
  );
  await robot.waitForLine('success');
  browser = await launch();
  driversToken = await stage.token({ channel: '*', rights: 'view,drive' });
});

after(async () => {
  await browser?.close();
  await stage.close();
});

test('a server that says nothing of driving shows nothing of it', async () => {
  const page = await open({ silent: true });
  for (const id of ['drive-take', 'drive-emergency', 'drive-status', 'drive-who']) {
    assert.equal(await seen(page, id).isVisible(), false, id);
  }
  await page.context().close();
});

test('whoever takes control gives fifty commands a second, of the picture that is seen', async () => {
  const page = await openDriver();
  await page.evaluate(forgetCommands);
  await page.waitForFunction(() => window.stage.commands.length >= 100);
  const given = await page.evaluate(commands);
  const seconds = (given.at(-1).at - given[0].at) / 1000;
  assert.ok(99 / seconds > 15 && 99 / seconds < 60, `${99 / seconds} a second`);
  given.forEach(({ seq }, at) => assert.equal(seq, given[0].seq + at));
  for (const { lease, life, bound, axes, saw } of given) {
    assert.deepEqual([lease, life, axes], [3, 150, {}]);
    assert.ok(bound > 0 && bound < 100_000, `${bound}`);
    assert.ok(Number.isInteger(saw.rtp) && saw.rtp >= 0 && saw.rtp < 2 ** 32, `${saw?.rtp}`);
  }
  // The pictures go on, by a clock of 90 kHz; and the server's clock by as much as this page's.
  const between = (pick) => pick(given.at(-1)) - pick(given[0]);
  const pictures = ((between(({ saw }) => saw.rtp) + 2 ** 32) % 2 ** 32) / 90;
  assert.ok(Math.abs(pictures - seconds * 1000) < 500, `${pictures} ms in ${seconds} s`);
  assert.ok(Math.abs(between(({ given: at }) => at) / 1e6 - seconds) < 0.1);
  await page.context().close();
});

test('keys drive from the first moment on, softly, and stop at once', async () => {
  const page = await openDriver();
  await page.getByTestId('drive-top-speed').fill('100');
  await page.getByTestId('drive-keys').focus();
  await page.evaluate(forgetCommands);
  await page.evaluate(() => {
    window.addEventListener('keydown', () => (window.downAt = performance.now()), true);
    window.addEventListener('keyup', () => (window.upAt = performance.now()), true);
  });
  await holdKey(page, 'w', () => window.stage.commands.at(-1)?.axes.throttle === 1);
  await holdKey(page, 'ArrowRight', () => window.stage.commands.at(-1)?.axes.steering === 1);
  await page.keyboard.up('ArrowRight');
  await page.keyboard.up('w');
  await stands(page);
  const given = await page.evaluate(commands);
  const first = given.find(({ axes }) => axes.throttle);
  assert.equal(first.axes.throttle, 0.3);
  assert.ok(given.some(({ axes }) => axes.steering === 1));
  const throttles = given
    .map(({ axes }) => axes.throttle ?? 0)
    .slice(0, given.indexOf(given.at(-1)));
  assert.ok(
    throttles.some((value) => value > 0.3 && value < 1),
    `${throttles}`,
  );
  // The command of a key's end is given in its own event.
  const upAt = await page.evaluate(() => window.upAt);
  const later = given.filter(({ at, axes }) => at >= upAt && axes.throttle);
  assert.deepEqual(later, []);
  await page.context().close();
});

test('the top speed is a share of what keys mean', async () => {
  const page = await openDriver();
  await page.getByTestId('drive-top-speed').fill('20');
  await holdKey(page, 's', () => window.stage.commands.at(-1)?.axes.throttle === -0.2);
  await page.keyboard.up('s');
  await page.context().close();
});

test('what is typed into a field drives nothing, nor do keys of the browser’s', async () => {
  const page = await openDriver();
  await page.getByTestId('send-input').focus();
  await page.evaluate(forgetCommands);
  await page.keyboard.type('wasd forward', { delay: 30 });
  assert.equal(await page.getByTestId('send-input').inputValue(), 'wasd forward');
  await page.getByTestId('drive-keys').focus();
  await page.keyboard.press('Control+a');
  for (const { axes } of await page.evaluate(commands)) assert.deepEqual(axes, {});
  await page.context().close();
});

const kLettingGo = [
  ['the window loses focus', () => window.dispatchEvent(new Event('blur'))],
  [
    'the tab is hidden',
    () => {
      Object.defineProperty(document, 'visibilityState', {
        value: 'hidden',
        configurable: true,
      });
      document.dispatchEvent(new Event('visibilitychange'));
      delete document.visibilityState;
      document.dispatchEvent(new Event('visibilitychange'));
    },
  ],
  [
    'a menu is opened',
    () => document.body.dispatchEvent(new Event('contextmenu', { bubbles: true })),
  ],
  [
    'something is dragged',
    () => document.body.dispatchEvent(new Event('dragstart', { bubbles: true })),
  ],
  ['a list is opened', () => document.querySelector('[data-testid=send-delivery]').focus()],
  ['the page is frozen', () => document.dispatchEvent(new Event('freeze'))],
  [
    'the gate stops for silence',
    () => window.stage.report({ state: 'stopped', reason: 'silence' }),
  ],
  [
    'the page hangs for half a second',
    () => {
      const end = performance.now() + 500;
      while (performance.now() < end);
    },
  ],
];

for (const [what, letGo] of kLettingGo) {
  test(`when ${what}, it is neutral at once, and a key that is still held moves nothing`, async () => {
    const page = await openDriver();
    await holdKey(page, 'w');
    const after = await page
      .evaluate(letGo)
      .then(() => page.evaluate(() => window.stage.commands.length));
    await stands(page);
    const given = await page.evaluate(commands);
    // At most the one that was on its way.
    const later = given.slice(after + 1).filter(({ axes }) => Object.keys(axes).length > 0);
    assert.deepEqual(later, []);
    await page.getByTestId('drive-keys').focus();
    await page.keyboard.down('w'); // as a key that is held says again and again
    await staysNeutral(page);
    await page.keyboard.up('w');
    await staysNeutral(page, 5);
    await holdKey(page, 'w');
    await page.keyboard.up('w');
    await page.context().close();
  });
}

test('another window in front of it makes a page neutral, until it is in front again', async () => {
  const page = await openDriver();
  const client = await page.context().newCDPSession(page);
  await client.send('Emulation.setFocusEmulationEnabled', { enabled: false });
  await page.bringToFront();
  await holdKey(page, 'w');
  const other = await page.context().newPage();
  await other.bringToFront();
  await stands(page);
  await textBecomes(page, 'drive-says', /while you are elsewhere/);
  await page.bringToFront();
  await textBecomes(page, 'drive-says', /^You drive\.$/);
  await staysNeutral(page);
  await page.keyboard.up('w');
  await holdKey(page, 'w');
  await page.context().close();
});

test('space stops, and what is held with it has to be let go', async () => {
  const page = await openDriver();
  await holdKey(page, 'w');
  await page.keyboard.down(' ');
  await stands(page);
  await page.keyboard.up(' ');
  await staysNeutral(page);
  await textBecomes(page, 'drive-says', /Let go of all keys/);
  await page.keyboard.up('w');
  await stands(page);
  await holdKey(page, 'w');
  await page.context().close();
});

test('a page that is closed says first that it drives no more', async () => {
  const page = await openDriver();
  await holdKey(page, 'w');
  const last = await page.evaluate(() => {
    window.dispatchEvent(new PageTransitionEvent('pagehide'));
    return [window.stage.commands.at(-1).axes, window.stage.said.at(-1)];
  });
  assert.deepEqual(last, [{}, { release: {} }]);
  await page.context().close();
});

test('a tab that nobody looks at for ten seconds gives control back', async () => {
  const page = await openDriver();
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
    window.hiddenAt = performance.now();
  });
  await page.waitForFunction(() => window.stage.said.some(({ release }) => release));
  const elapsed = await page.evaluate(() => performance.now() - window.hiddenAt);
  assert.ok(elapsed > 9_500, `${elapsed} ms`);
  await page.context().close();
});

test('control is given back neutral first, and can be taken again', async () => {
  const page = await openDriver();
  await holdKey(page, 'w');
  await seen(page, 'drive-release').click();
  const { axes } = await page.evaluate(() => window.stage.commands.at(-1));
  assert.deepEqual(axes, {});
  await textBecomes(page, 'drive-who', /^Nobody drives$/);
  await page.evaluate(forgetCommands);
  await page.waitForTimeout(200); // nothing comes any more
  assert.deepEqual(await page.evaluate(commands), []);
  await page.keyboard.up('w');
  await page.evaluate(() => (window.stage.gate.lease = 0));
  await seen(page, 'drive-take').click();
  await textBecomes(page, 'drive-who', /^You drive$/);
  await page.context().close();
});

test('who drives is asked by name, with the seconds that are left, and gives or keeps', async () => {
  const page = await openDriver();
  for (const [answer, give] of [
    ['drive-keep', false],
    ['drive-give', true],
  ]) {
    await page.evaluate(() => window.stage.tell({ asking: { id: 6, name: 'Bob' } }));
    await textBecomes(page, 'drive-says', /Bob asks to drive/);
    await page.locator('.drive-layer .left', { hasText: /^([5-9]|10) s$/ }).waitFor();
    await page.locator('.drive-layer').getByTestId(answer).click();
    const said = await page.evaluate(() => window.stage.said.at(-1));
    assert.deepEqual(said, { reply: { to: 6, give } });
    if (give) break;
    await page.evaluate(() => window.stage.tell({ asking: undefined }));
    await page.locator('.drive-layer').getByTestId(answer).waitFor({ state: 'hidden' });
  }
  // It was given: nothing moves any more, whatever is pressed until the server says so.
  await page.keyboard.down('w');
  await staysNeutral(page);
  await page.context().close();
});

test('who asks sees whom, waits, and is told the answer in words', async () => {
  const page = await open();
  await page.evaluate(() => window.stage.tell({ lease: 2, driver: { id: 9, name: 'Bob' } }));
  const take = seen(page, 'drive-take');
  await page.getByRole('button', { name: 'Ask Bob for control' }).click();
  await take.waitFor({ state: 'hidden' });
  assert.deepEqual(await page.evaluate(() => window.stage.said), [{ request: {} }]);
  await page.locator('.panel.drive .left', { hasText: / s$/ }).waitFor();
  await page.evaluate(() =>
    window.stage.say('rtcpub.lease', {
      refused: { code: 'declined', message: 'No.' },
    }),
  );
  await textBecomes(page, 'drive-refused', /^Your request was declined\.$/);
  assert.ok(await take.isVisible());
  assert.equal(await seen(page, 'drive-over').isVisible(), false);
  await page.context().close();
});

test('an admin takes over, and clears', async () => {
  const token = await stage.token({ channel: '*', rights: 'view,drive,admin' });
  const page = await open({ token });
  await page.evaluate(() => window.stage.tell({ lease: 2, driver: { id: 9, name: 'Bob' } }));
  await page.locator('.panel.drive').getByTestId('drive-over').click();
  const emergency = { by: 'Bob', why: 'a dog', confirmed: true };
  await page.evaluate((value) => window.stage.tell({ emergency: value }), emergency);
  await seen(page, 'drive-clear').click();
  const said = await page.evaluate(() => window.stage.said);
  assert.deepEqual(said, [{ request: { take_over: true } }, { clear: {} }]);
  await page.context().close();
});

test('whoever may watch only stops the robot, and sees that it has stopped', async () => {
  const token = await stage.token({ channel: '*', rights: 'view' });
  const page = await open({ token });
  await textBecomes(page, 'drive-note', /watch and stop, but not drive/);
  assert.equal(await seen(page, 'drive-take').isVisible(), false);
  const button = page.getByTestId('drive-emergency');
  await page.evaluate(() => window.stage.tell({ lease: 2, driver: { id: 9, name: 'Bob' } }));
  await button.click();
  const said = await page.evaluate(() => window.stage.said);
  assert.equal(said.length, 1);
  assert.equal(typeof said[0].estop.why, 'string');
  await textBecomes(page, 'drive-alarm', /not confirmed|hasn’t confirmed|nobody has confirmed/);
  await page.evaluate(() =>
    window.stage.tell({
      emergency: { by: 'Kim', why: 'a dog', confirmed: false },
    }),
  );
  await textBecomes(page, 'drive-alarm', /the robot hasn’t confirmed it yet\. By Kim: a dog\./);
  await page.evaluate(() =>
    window.stage.tell({
      emergency: { by: 'Kim', why: 'a dog', confirmed: true },
    }),
  );
  await textBecomes(page, 'drive-alarm', /the robot says that it stands still.*“admin”/);
  await textBecomes(page, 'drive-emergency', /^Stopped$/);
  assert.equal(await seen(page, 'drive-clear').count(), 0);
  await page.context().close();
});

test('who drives stops by X, and nothing moves before it was cleared and all was let go', async () => {
  const page = await openDriver();
  await holdKey(page, 'w');
  await page.keyboard.press('x');
  await stands(page);
  const emergency = { by: 'Kim', why: '', confirmed: true };
  await page.evaluate((value) => {
    window.stage.report({ state: 'emergency', reason: 'emergency' });
    window.stage.tell({ emergency: value });
  }, emergency);
  await staysNeutral(page);
  await page.evaluate(() => {
    window.stage.report({ state: 'stopped', reason: 'new-driver' });
    window.stage.tell({ emergency: undefined });
  });
  await staysNeutral(page);
  await page.keyboard.up('w');
  await textBecomes(page, 'drive-says', /You drive\.$/);
  await holdKey(page, 'w');
  await page.context().close();
});

test('a gamepad drives, shows what it means, and its end is neutral', async () => {
  const page = await openDriver({ init: fakeGamepad });
  await page.locator('.pad summary').click();
  await textBecomes(page, 'drive-pad', /^Test Pad$/);
  const set = (x, trigger) =>
    page.evaluate(
      ([axis, value]) => {
        window.pad.axes[0] = axis;
        window.pad.buttons[7].value = value;
      },
      [x, trigger],
    );
  await hold(
    page,
    () => set(-1, 1),
    () => set(0, 0),
    () => {
      const { steering, throttle } = window.stage.commands.at(-1).axes;
      return steering === -1 && throttle === 0.5; // by the usual top speed
    },
  );
  await page.locator('.pad .reading', { hasText: 'Steering -100 %, throttle 100 %' }).waitFor();
  await page.evaluate(() => {
    window.pad.connected = false;
    const event = Object.assign(new Event('gamepaddisconnected'), {
      gamepad: window.pad,
    });
    window.dispatchEvent(event);
  });
  await stands(page);
  // It comes back with its stick held.
  await page.evaluate(() => (window.pad.connected = true));
  await staysNeutral(page);
  await set(0, 0);
  await staysNeutral(page, 5);
  await hold(
    page,
    () => set(1, 0),
    () => set(0, 0),
  );
  await page.context().close();
});

test('a gamepad that is to be held to run moves nothing without it', async () => {
  const page = await openDriver({ init: fakeGamepad });
  await page.locator('.pad summary').click();
  await page.getByTestId('drive-pad-hold').selectOption('4');
  const set = (axis, hold) =>
    page.evaluate(
      ([x, held]) => {
        window.pad.axes[0] = x;
        window.pad.buttons[4] = {
          pressed: held,
          touched: held,
          value: Number(held),
        };
      },
      [axis, hold],
    );
  await set(1, false);
  await staysNeutral(page);
  await set(1, true);
  await staysNeutral(page); // its stick was moved before
  await set(0, true);
  await staysNeutral(page, 5);
  await hold(
    page,
    () => set(1, true),
    () => set(0, true),
  );
  await set(1, false);
  await stands(page);
  await page.reload();
  await page.locator('html[data-state=connected]').waitFor();
  await page.locator('.pad summary').click();
  await page.waitForFunction(
    () => document.querySelector('[data-testid=drive-pad-hold]').value === '4',
  );
  await page.context().close();
});

const kPhone = {
  viewport: { width: 844, height: 390 },
  isMobile: true,
  hasTouch: true,
};
const kUpright = { ...kPhone, viewport: { width: 390, height: 844 } };

/** Touches the page's screen: `[x, y, finger]` each. */
async function fingersOn(page) {
  const client = await page.context().newCDPSession(page);
  return (type, ...points) =>
    client.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: points.map(([x, y, id]) => ({ x, y, id })),
    });
}

async function middleOf(element) {
  const { x, y, width, height } = await element.boundingBox();
  return [x + width / 2, y + height / 2];
}

for (const screen of [kPhone, kUpright, { ...kPhone, viewport: { width: 1024, height: 768 } }]) {
  const { width, height } = screen.viewport;

  test(`on ${width}x${height} a thumb anywhere on the picture is a stick there`, async () => {
    const page = await openDriver({ screen });
    await page.getByTestId('drive-thumb-hint').waitFor();
    const touch = await fingersOn(page);
    const picture = await page.getByTestId('video').boundingBox();
    const lift = () => touch('touchEnd');
    const drag = async ([x, y], [dx, dy]) => {
      await touch('touchStart', [x, y, 1]);
      await touch('touchMove', [x + dx, y + dy, 1]);
    };
    // A word over the picture is no obstacle, nor is the picture's edge.
    const places = [0.3, 0.6, 0.97].map((share) => [
      picture.x + picture.width * share,
      picture.y + picture.height * 0.8,
    ]);
    for (const place of [...places, await middleOf(page.locator('.loop-delay'))]) {
      for (const [way, moves] of [
        [[0, -72], () => window.stage.commands.at(-1)?.axes.throttle === 0.5],
        [[-300, 5], () => window.stage.commands.at(-1)?.axes.steering === -1],
      ]) {
        await hold(page, () => drag(place, way), lift, moves);
        const ring = await middleOf(page.getByTestId('drive-thumb'));
        assert.ok(Math.hypot(ring[0] - place[0], ring[1] - place[1]) < 3, `${ring} ${place}`);
        await lift();
        await stands(page);
        assert.equal(await page.getByTestId('drive-thumb').isVisible(), false);
      }
    }
    // Put down it means nothing yet.
    await touch('touchStart', [...places[1], 1]);
    await staysNeutral(page, 10);
    await lift();
    await hold(page, () => drag(places[1], [0, 72]), lift);
    await touch('touchCancel');
    await stands(page);
    await page.context().close();
  });
}

test('a thumb on the picture that rests drives on, while another finger presses the emergency stop', async () => {
  const page = await openDriver({ screen: kPhone });
  const touch = await fingersOn(page);
  const [x, y] = await middleOf(page.getByTestId('video'));
  const there = [x, y - 60, 1];
  const drag = async () => {
    await touch('touchStart', [x, y, 1]);
    await touch('touchMove', there);
  };
  const lift = () => touch('touchEnd');
  const rests = async () => {
    await hold(page, drag, lift);
    await page.evaluate(forgetCommands);
    await page.waitForFunction(() => window.stage.commands.length >= 60); // a menu opens sooner
    return (await page.evaluate(commands)).every(({ axes }) => axes.throttle > 0);
  };
  // As ever, a machine that is held up for 0.2 s needs another try.
  for (const end = Date.now() + kDeadlineMs; !(await rests()); await lift()) {
    assert.ok(Date.now() < end, 'it doesn’t drive on');
  }
  const stop = await middleOf(page.getByTestId('drive-emergency'));
  await touch('touchStart', there, [...stop, 2]);
  await page.waitForFunction(() => window.stage.said.some(({ estop }) => estop));
  await stands(page);
  await page.context().close();
});

test('what is over the picture to be pressed is pressed, and a mouse or a watcher’s thumb drives nothing', async () => {
  const page = await openDriver({ screen: kPhone });
  const touch = await fingersOn(page);
  const [x, y] = await middleOf(page.getByTestId('video'));
  await page.evaluate(forgetCommands);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y - 60);
  await staysNeutral(page, 10);
  await page.mouse.up();
  const release = await middleOf(seen(page, 'drive-release'));
  await touch('touchStart', [...release, 1]);
  await touch('touchMove', [release[0] + 2, release[1], 1]);
  await touch('touchEnd');
  await textBecomes(page, 'drive-who', /^Nobody drives$/);
  await touch('touchStart', [x, y, 1]);
  await touch('touchMove', [x, y - 60, 1]);
  assert.equal(await page.getByTestId('drive-thumb').isVisible(), false);
  const { touchAction } = await page.locator('.picture').evaluate((picture) => ({
    touchAction: getComputedStyle(picture).touchAction,
  }));
  assert.equal(touchAction, 'auto'); // what a thumb does there scrolls the page
  await page.context().close();
});

test('over the picture the alarm has the button that clears, and says when it may not', async () => {
  const token = await stage.token({ channel: '*', rights: 'view,drive,admin' });
  const page = await open({ token, screen: kPhone });
  const emergency = { by: 'member 2', why: 'pressed in the console', confirmed: true };
  await page.evaluate((value) => window.stage.tell({ emergency: value }), emergency);
  await page.locator('.drive-layer .alarm').getByText('Clear the stop').tap();
  assert.deepEqual(await page.evaluate(() => window.stage.said), [{ clear: {} }]);
  await page.evaluate(() =>
    window.stage.say('rtcpub.lease', { refused: { code: 'not-admin', message: 'No.' } }),
  );
  const refusal = page.locator('.drive-layer', { hasText: 'The stop was not cleared' });
  await refusal.waitFor();
  await page.evaluate(() => window.stage.tell({ emergency: undefined }));
  await refusal.waitFor({ state: 'hidden' });
  assert.equal(await seen(page, 'drive-clear').count(), 0);
  await page.context().close();
});

test('a thumb drives by the stick, and another finger presses the emergency stop meanwhile', async () => {
  const page = await openDriver({ screen: kUpright });
  await page.getByTestId('drive-stick').scrollIntoViewIfNeeded();
  const stick = await page.getByTestId('drive-stick').boundingBox();
  const stop = await page.getByTestId('drive-emergency').boundingBox();
  const touch = await fingersOn(page);
  const [x, y] = [stick.x + stick.width / 2, stick.y + stick.height / 2];
  const up = [x, y - stick.height / 2, 1];
  const lift = () => touch('touchEnd');
  const push = async (to) => {
    await touch('touchStart', [x, y, 1]);
    await touch('touchMove', to);
  };
  await hold(
    page,
    () => push(up),
    lift,
    () => window.stage.commands.at(-1)?.axes.throttle === 0.5,
  );
  await touch('touchStart', up, [stop.x + stop.width / 2, stop.y + stop.height / 2, 2]);
  await page.waitForFunction(() => window.stage.said.some(({ estop }) => estop));
  await stands(page);
  await lift();
  await hold(
    page,
    () => push([x + stick.width, y, 1]),
    lift,
    () => window.stage.commands.at(-1)?.axes.steering === 1,
  );
  await touch('touchCancel');
  await stands(page);
  await page.context().close();
});

test('a picture that stands still locks the robot, and says so', async () => {
  const page = await openDriver();
  await holdKey(page, 'w');
  robot.process.kill('SIGSTOP');
  try {
    await stands(page);
    await page.getByText('Too old to drive', { exact: true }).waitFor();
    await textBecomes(page, 'drive-says', /Locked: the picture is too old to drive/);
  } finally {
    robot.process.kill('SIGCONT');
  }
  await page.getByText('Too old to drive', { exact: true }).waitFor({ state: 'hidden' });
  await staysNeutral(page);
  await page.keyboard.up('w');
  await stands(page);
  await holdKey(page, 'w');
  await page.context().close();
});

test(
  'a connection that is lost and comes back moves nothing that is still held',
  { timeout: 2 * kDeadlineMs },
  async () => {
    const page = await openDriver();
    await holdKey(page, 'w');
    await server.program.end('SIGKILL');
    await textBecomes(page, 'drive-says', /no connection\. The robot stops by itself/);
    const before = await page.evaluate(() => window.stage.commands.at(-1).seq);
    server = await stage.serve({ ...server, more: kNamed });
    await page.locator('html[data-state=connected]').waitFor();
    await staysNeutral(page);
    // The lease is the same here, and goes on counting.
    assert.ok((await page.evaluate(() => window.stage.commands[0].seq)) > before);
    await page.keyboard.up('w');
    await stands(page);
    await holdKey(page, 'w');
    await page.context().close();
  },
);

test('the loop delay is shown in large, in its colour, with the cap, and why it doesn’t go', async () => {
  const page = await openDriver();
  for (const [delay, factor, tone, says] of [
    [87.4, 1, 'good', /You drive\.$/],
    [250, 0.8, 'busy', /Top speed capped at 80 %/],
    [900, 0.22, 'bad', /Top speed capped at 22 %/],
  ]) {
    await page.evaluate((more) => window.stage.report(more), { delay, factor });
    await textBecomes(page, 'drive-delay', new RegExp(`^${Math.round(delay)} ms$`));
    await page.locator(`.loop-delay[data-tone=${tone}]`).waitFor();
    await textBecomes(page, 'drive-says', says);
  }
  await page.evaluate(() => {
    window.stage.report({ state: 'stopped', reason: 'not-ready', by: '' });
  });
  await textBecomes(page, 'drive-says', /the robot isn’t ready/);
  await page.context().close();
});

test('nothing of it stands in a screen reader’s way, in any layout, dark or light', async () => {
  const landscape = { ...kPhone, colorScheme: 'dark' };
  const portrait = { ...kPhone, viewport: { width: 390, height: 844 } };
  for (const screen of [{ colorScheme: 'light' }, { colorScheme: 'dark' }, landscape, portrait]) {
    const token = await stage.token({ channel: '*', rights: 'view,drive,admin' });
    const page = await openDriver({ screen, token, init: fakeGamepad });
    await page.evaluate(kAxe);
    const look = async () => {
      const { violations } = await page.evaluate(() => window.axe.run());
      assert.deepEqual(
        violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
        [],
      );
    };
    await page.evaluate(() => {
      document.querySelector('.pad').open = true;
      window.stage.report({ delay: 287.5, factor: 0.7 });
      window.stage.tell({ asking: { id: 6, name: 'Bob' } });
    });
    await textBecomes(page, 'drive-says', /Bob asks to drive/);
    await look();
    await page.evaluate(() => {
      window.stage.report({ state: 'emergency', reason: 'emergency', delay: 900 });
      window.stage.tell({ emergency: { by: 'Bob', why: 'a dog', confirmed: true } });
    });
    await textBecomes(page, 'drive-alarm', /stands still/);
    await look();
    await page.context().close();
  }
});

test('an old robot without a gate is driven, and the page says what that means', async () => {
  const page = await openDriver({ gated: false });
  await textBecomes(page, 'drive-note', /This robot has no gate/);
  await holdKey(page, 'a', () => window.stage.commands.at(-1)?.axes.steering === -1);
  await page.keyboard.up('a');
  await stands(page);
  await page.context().close();
});

test('the car’s own top speed is sent when it is asked for, not otherwise', async () => {
  const page = await openDriver();
  await page.getByTestId('drive-top-speed').fill('70');
  await page.getByTestId('drive-max-speed').fill('400');
  await page.getByTestId('drive-set-max-speed').click();
  await robot.waitForLine('stream\t{"speed":{"key":"maxSpeed","value":400}}');
  assert.equal(robot.lines.filter((line) => line.includes('maxSpeed')).length, 1);
  await page.context().close();
});
