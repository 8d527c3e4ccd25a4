// The console in a frame of somebody else's page: shown where the server allows it, and whole there.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { launch, openPage } from './browser.mjs';
import { Stage } from './program.mjs';

const kAllowed = 'fullscreen; gamepad; screen-wake-lock';

const stage = new Stage();
let server;
let robot;
let browser;
let site;
/** What the site's page has in it. */
let html = '';

/** Where the site's pages come from: the two are different sites to a browser, and both on this machine. */
const origin = (host = 'localhost') => `http://${host}:${site.address().port}`;

before(async () => {
  site = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.end(`<!doctype html><title>a site</title>${html}`);
  });
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  server = await stage.serve({
    more: ['--name', 'robots.test', '--allow-embedding', origin()],
  });
  robot = stage.start(
    ...['publish', '--server', server.ws, '--channel', 'car-1', '--print-data'],
    ...['--token-file', await stage.tokenFile({ channel: 'car-1', rights: 'publish' })],
    ...['--video', 'front=test:?size=640x360&fps=15', '--video', 'rear=test:?size=512x256&fps=15'],
    ...['--data', 'metric', '--data', 'stream'],
  );
  await robot.waitForLine('success');
  browser = await launch();
});

after(async () => {
  await browser?.close();
  site.close();
  site.closeAllConnections();
  await stage.close();
});

/** The site's page with the console in a frame, and that frame. */
async function embed({
  at = server.http,
  host = 'localhost',
  allow = kAllowed,
  query = '',
  prepare = () => undefined,
} = {}) {
  const token = await stage.token({ channel: 'car-1', rights: 'view,drive' });
  const source = `${at}/?channel=car-1${query}#token=${token}`;
  html = `<iframe src="${source}" allow="${allow}" width="640" height="360"></iframe>`;
  const context = await browser.newContext({
    viewport: { width: 800, height: 600 },
  });
  const page = await openPage(context);
  await page.addInitScript(prepare);
  const refused = page.waitForEvent('requestfailed', (request) => request.url().startsWith(at));
  refused.catch(() => undefined); // which it never is, where all is well
  await page.goto(origin(host));
  const frame = page.frameLocator('iframe');
  return { page, frame, token, refused, close: () => context.close() };
}

const inFrame = (page) => page.frames()[1];

async function isConnected(page, frame, word = 'Connected') {
  await frame.getByText(word, { exact: true }).waitFor();
  const moves = (wanted) =>
    new Promise((resolve) => {
      const video = document.querySelector('video');
      const onFrame = () => (--wanted > 0 ? video.requestVideoFrameCallback(onFrame) : resolve());
      video.requestVideoFrameCallback(onFrame);
    });
  await inFrame(page).evaluate(moves, 5);
}

test('a page of an origin that is allowed has the console in a frame, which it fills', async () => {
  const { page, frame, token, close } = await embed();
  await isConnected(page, frame);
  assert.deepEqual(
    await inFrame(page).evaluate(() => {
      const { x, y, width, height } = document.querySelector('video').getBoundingClientRect();
      const { scrollHeight, clientHeight } = document.scrollingElement;
      return [x, y, width, height, scrollHeight - clientHeight];
    }),
    [0, 0, 640, 360, 0],
  );
  // Nothing there leads out of the channel, and the token is not in its address.
  assert.equal(await frame.getByRole('link').count(), 0);
  assert.ok(!inFrame(page).url().includes(token));
  await frame.getByRole('button', { name: 'rear', pressed: false }).click();
  await frame.getByRole('button', { name: 'rear', pressed: true }).waitFor();
  await frame.getByTestId('panels-button').click();
  await frame.getByTestId('send-input').fill('hello from a frame');
  await frame.getByTestId('send-button').click();
  await robot.waitForLine('stream\thello from a frame');
  await close();
});

test('what the page lets its frame do works there: full screen, gamepads, a screen that stays on', async () => {
  const { page, frame, close } = await embed();
  await isConnected(page, frame);
  const may = await inFrame(page).evaluate(() => ({
    gamepads: Array.isArray(navigator.getGamepads()),
    policy: ['fullscreen', 'gamepad', 'screen-wake-lock'].map((feature) =>
      document.featurePolicy.allowsFeature(feature),
    ),
  }));
  assert.deepEqual(may, { gamepads: true, policy: [true, true, true] });
  await frame.getByRole('button', { name: 'Full screen' }).click();
  await frame.getByRole('button', { name: 'Leave full screen' }).click();
  await frame.getByRole('button', { name: 'Full screen', exact: true }).waitFor();
  await close();
});

test('what the page doesn’t let its frame do is not offered, and the rest works', async () => {
  const { page, frame, close } = await embed({ allow: '' });
  await isConnected(page, frame);
  assert.equal(await frame.getByRole('button', { name: 'Full screen' }).count(), 0);
  assert.ok(await frame.getByRole('button', { name: 'Save a snapshot' }).isVisible());
  await close();
});

test('where the browser keeps nothing for frames the console works, in any language', async () => {
  const keepNothing = () => {
    if (window.self === window.top) return;
    for (const name of ['localStorage', 'sessionStorage']) {
      const get = () => {
        throw new DOMException('denied', 'SecurityError');
      };
      Object.defineProperty(window, name, { get });
    }
  };
  const { page, frame, token, close } = await embed({
    prepare: keepNothing,
    query: '&lang=ko',
  });
  await isConnected(page, frame, '연결됨');
  await frame.getByTestId('panels-button').click();
  await frame.getByTestId('language').selectOption('en');
  await isConnected(page, frame);
  assert.ok(!inFrame(page).url().includes(token));
  await close();
});

test('pages of other origins, and of all where none is allowed, don’t get it', async () => {
  const closed = await stage.serve();
  for (const options of [{ host: '127.0.0.1' }, { at: closed.http }]) {
    const { page, refused, close } = await embed(options);
    assert.equal((await refused).failure().errorText, 'net::ERR_BLOCKED_BY_RESPONSE');
    assert.equal(await inFrame(page).locator('video').count(), 0);
    await close();
  }
  await closed.program.end('SIGINT');
});

test('a page that may have the console in a frame may still not speak to the server itself', async () => {
  html = '';
  const page = await openPage(browser);
  await page.goto(origin());
  const opens = (url) =>
    new Promise((resolve) => {
      const socket = new WebSocket(url);
      socket.onopen = () => resolve(true);
      socket.onerror = () => resolve(false);
    });
  assert.equal(await page.evaluate(opens, `${server.ws}/live/ws/sub?channel=car-1`), false);
  await page.close();
});
