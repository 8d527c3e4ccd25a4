// The console with a link of each right: what it shows, what it lets one do, and where the token goes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage, textBecomes } from './browser.mjs';
import { kDeadlineMs, Stage } from './program.mjs';

const stage = new Stage();
let server;
let robot;
let browser;

/** Runs in a page: keeps what it opens, for those who go around it. */
function keepChannels() {
  const create = RTCPeerConnection.prototype.createDataChannel;
  window.opened = {};
  RTCPeerConnection.prototype.createDataChannel = function (label, init) {
    return (window.opened[label] = create.call(this, label, init));
  };
}

/** The page, and all that it asked for: addresses, with what it dialled. `prepare`: before it is loaded. */
async function open(path, prepare = async () => {}) {
  // A tab of its own, which has kept nothing.
  const context = await browser.newContext();
  const page = await openPage(context);
  await page.addInitScript(keepChannels);
  page.asked = [];
  page.referers = [];
  page.said = [];
  page.on('request', (request) => {
    page.asked.push(request.url());
    page.referers.push(request.headers().referer ?? '');
  });
  page.on('websocket', (socket) => page.asked.push(socket.url()));
  page.on('console', (message) => page.said.push(message.text()));
  page.on('pageerror', (error) => page.said.push(String(error)));
  await prepare(page);
  await page.goto(server.http + path);
  return page;
}

const linkTo = (channel, token) => `/?channel=${channel}#token=${token}`;

async function noticeBecomes(page, pattern) {
  const find = (source) => new RegExp(source).test(document.querySelector('.notice').textContent);
  await page.waitForFunction(find, pattern.source);
}

async function pictureMoves(page) {
  const count = (wanted) =>
    new Promise((resolve) => {
      const video = document.querySelector('[data-testid=video]');
      const onFrame = () => (--wanted > 0 ? video.requestVideoFrameCallback(onFrame) : resolve());
      video.requestVideoFrameCallback(onFrame);
    });
  await page.evaluate(count, 5);
}

async function send(page, text) {
  await page.locator('[data-testid=send-button]:not([disabled])').waitFor();
  await page.getByTestId('send-input').fill(text);
  await page.getByTestId('send-button').click();
}

const dials = (page) => page.asked.filter((url) => url.startsWith('ws')).length;

/** Nothing that leaves the page, or is left in it for others to see, has the token in it. */
async function keepsToItself(page, token) {
  assert.ok(!page.url().includes('token'), page.url());
  const shown = await page.evaluate(() => [location.href, document.documentElement.outerHTML]);
  const told = [...page.asked.slice(1), ...page.referers, ...page.said, ...shown];
  for (const text of told) assert.ok(!text.includes(token), text.slice(0, 300));
}

before(async () => {
  // A server that has a name is for others, too: it asks for tokens also where it listens on loopback.
  server = await stage.serve({
    more: ['--name', 'robots.test', '--log', 'debug'],
  });
  robot = stage.start(
    ...['publish', '--server', server.ws, '--channel', 'car-1', '--print-data'],
    ...['--token-file', await stage.tokenFile({ channel: 'car-1', rights: 'publish' })],
    ...['--video', 'front=test:?size=640x480&fps=15', '--video', 'rear=test:?size=512x256&fps=15'],
    ...['--data', 'metric', '--data', 'stream', '--data', 'chat?viewers'],
  );
  await robot.waitForLine('success');
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await stage.close();
});

test('without a token the page says so, dials nothing, and has a field for one', async () => {
  const page = await open('/?channel=car-1');
  await noticeBecomes(page, /A token is needed here/);
  await textBecomes(page, 'state', /^No access$/);
  assert.ok(await page.getByTestId('token-input').isVisible());
  assert.ok(await page.getByTestId('send-button').isDisabled());
  // Not when it is looked at again, either.
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  assert.equal(dials(page), 0);
  assert.equal(page.asked.filter((url) => url.includes('/api/access')).length, 1);
  await page.context().close();
});

test('a link to watch shows the picture, and sends nothing but what the robot opens to all', async () => {
  const token = await stage.token({
    channel: 'car-1',
    rights: 'view',
    name: 'Kim',
  });
  const page = await open(linkTo('car-1', token));
  await textBecomes(page, 'state', /^Connected$/);
  await pictureMoves(page);
  await textBecomes(page, 'access', /^Kim · watch only · until /);
  await send(page, 'hello, all');
  await robot.waitForLine('chat\thello, all');
  assert.equal(await page.getByTestId('send-label').isVisible(), false);
  // Cameras are shown, since the robot tells of them, but not to be chosen.
  const button = (name, pressed) =>
    page.getByRole('group', { name: 'Camera' }).getByRole('button', { name, pressed });
  for (const name of ['rear', 'front']) {
    robot.write(`:camera ${name}`);
    await button(name, true).waitFor();
    assert.ok(await button('rear').isDisabled());
    assert.match(await button('rear').getAttribute('title'), /watch only/);
  }
  await keepsToItself(page, token);
  await page.context().close();
});

test('a link to watch a robot that opens nothing disables the box, and says why', async () => {
  const quiet = stage.start(
    ...['publish', '--server', server.ws, '--channel', 'quiet', '--print-data'],
    ...['--token-file', await stage.tokenFile({ channel: 'quiet', rights: 'publish' })],
    ...['--video', 'test:?size=640x480&fps=15', '--data', 'stream'],
  );
  await quiet.waitForLine('success');
  const page = await open(linkTo('quiet', await stage.token({ channel: 'quiet', rights: 'view' })));
  await textBecomes(page, 'state', /^Connected$/);
  await textBecomes(page, 'send-note', /^Off: your link lets you watch only\.$/);
  assert.ok(await page.getByTestId('send-button').isDisabled());
  // Who goes around the page meets the server, which says so.
  const driver = await open(
    linkTo('quiet', await stage.token({ channel: 'quiet', rights: 'drive' })),
  );
  await textBecomes(driver, 'state', /^Connected$/);
  await page.evaluate(() => window.opened.stream.send('by a viewer'));
  await textBecomes(page, 'send-note', /./);
  await send(driver, 'by a driver');
  await quiet.waitForLine('stream\tby a driver');
  assert.ok(!quiet.lines.includes('stream\tby a viewer'));
  await page.context().close();
  await driver.context().close();
  await quiet.end('SIGINT');
});

test('a token that lets one only publish does not let one watch, and nothing is dialled', async () => {
  const page = await open(
    linkTo('car-1', await stage.token({ channel: 'car-1', rights: 'publish' })),
  );
  await noticeBecomes(page, /Your link doesn’t let you watch this/);
  assert.equal(dials(page), 0);
  await page.context().close();
});

test('a link to drive sends on what the robot has, and chooses cameras', async () => {
  const token = await stage.token({ channel: 'car-*', rights: 'view,drive' });
  const page = await open(linkTo('car-1', token));
  await textBecomes(page, 'state', /^Connected$/);
  await send(page, 'forward');
  await robot.waitForLine('stream\tforward');
  await page.getByTestId('send-label').selectOption('chat');
  await send(page, 'I drive');
  await robot.waitForLine('chat\tI drive');
  const button = (name, pressed) =>
    page.getByRole('group', { name: 'Camera' }).getByRole('button', { name, pressed });
  await button('rear', false).click();
  await button('rear', true).waitFor();
  await keepsToItself(page, token);
  await page.context().close();
});

test('a page whose token ends says so, and does not dial again', async () => {
  const token = await stage.token({
    channel: 'car-1',
    rights: 'view',
    lifetime: '20s',
  });
  const page = await open(linkTo('car-1', token));
  await textBecomes(page, 'state', /^Connected$/);
  await pictureMoves(page);
  await noticeBecomes(page, /Your access has ended/);
  await textBecomes(page, 'state', /^No access$/);
  const before = dials(page);
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  // A link that ended before it was opened says the same.
  const late = await open(linkTo('car-1', token));
  await noticeBecomes(late, /Your access has ended/);
  assert.equal(dials(late), 0);
  assert.equal(dials(page), before);
  await keepsToItself(late, token);
  await page.context().close();
  await late.context().close();
});

test('a member that is removed is told so, and does not come back by itself', async () => {
  const admin = await stage.token({ channel: '*', rights: 'admin' });
  const page = await open(
    linkTo('car-1', await stage.token({ channel: 'car-1', rights: 'view', name: 'Lee' })),
  );
  await textBecomes(page, 'state', /^Connected$/);
  const headers = { Authorization: `Bearer ${admin}` };
  const { members } = await (await fetch(`${server.http}/api/members`, { headers })).json();
  const { id } = members.find(({ name }) => name === 'Lee');
  const url = `${server.http}/api/members/${id}/remove`;
  const removed = await fetch(url, { method: 'POST', headers });
  assert.ok(removed.ok, `${removed.status}`);
  await noticeBecomes(page, /You were removed from this channel/);
  assert.equal(dials(page), 1);
  await page.context().close();
});

test('a token that is pasted, or a whole link, lets one in, and not what is none', async () => {
  const token = await stage.token({ channel: 'car-1', rights: 'view' });
  const page = await open('/?channel=car-1');
  const field = page.getByTestId('token-input');
  await field.fill('car-1');
  await field.press('Enter');
  await page.getByText('That is no token').waitFor();
  await field.fill(token);
  await field.press('Enter');
  await textBecomes(page, 'state', /^Connected$/);
  await keepsToItself(page, token);
  await page.context().close();

  const list = await open('/');
  await list.getByTestId('token-input').fill(`https://robots.test:8267${linkTo('car-1', token)}`);
  await list.getByTestId('token-input').press('Enter');
  await list.waitForURL(`${server.http}/?channel=car-1`);
  await textBecomes(list, 'state', /^Connected$/);
  await keepsToItself(list, token);
  await list.context().close();
});

test('a page that is told to come back later has a field for another token', async () => {
  const asked = /\/api\/(access|channels)/;
  let tries = 0;
  const tellBusy = (page) =>
    page.route(asked, (route) =>
      route.fulfill({
        status: 429,
        headers: { 'Retry-After': '1' },
        contentType: 'application/json',
        body: JSON.stringify({ error: `Wait ${++tries} s.`, code: 'too-many-refusals' }),
      }),
    );
  const keepsWhatIsTyped = async (page) => {
    await page.getByTestId('token-input').fill('half a tok');
    for (let retry = 0; retry < 2; ++retry) await page.waitForResponse(asked);
    assert.equal(await page.getByTestId('token-input').inputValue(), 'half a tok');
  };
  const list = await open('/', tellBusy);
  await keepsWhatIsTyped(list);
  await list.context().close();
  const page = await open('/?channel=car-1', tellBusy);
  await keepsWhatIsTyped(page);
  await page.unroute(asked);
  await page
    .getByTestId('token-input')
    .fill(await stage.token({ channel: 'car-1', rights: 'view' }));
  await page.getByTestId('token-input').press('Enter');
  await textBecomes(page, 'state', /^Connected$/);
  await page.context().close();
});

test('a link that is opened in a page of the same channel counts from then on', async () => {
  const page = await open('/?channel=car-1');
  await noticeBecomes(page, /A token is needed here/);
  const token = await stage.token({ channel: 'car-1', rights: 'view' });
  await page.goto(server.http + linkTo('car-1', token));
  await textBecomes(page, 'state', /^Connected$/);
  assert.ok(!page.url().includes('token'));
  await page.context().close();
});

test('a link to another channel keeps the token, and the list shows what one may watch', async () => {
  const other = stage.start(
    ...['publish', '--server', server.ws, '--channel', 'other', '--data', 'metric'],
    ...['--token-file', await stage.tokenFile({ channel: 'other', rights: 'publish' })],
  );
  await other.waitForLine('success');
  const page = await open(linkTo('car-1', await stage.token({ channel: 'car-*', rights: 'view' })));
  await textBecomes(page, 'state', /^Connected$/);
  await page.getByRole('link', { name: 'all channels' }).click();
  const links = page.getByTestId('channel-list').getByTestId('channel-link');
  await links.first().waitFor();
  assert.equal(await links.count(), 1);
  await links.first().click();
  await textBecomes(page, 'state', /^Connected$/);
  await page.goto(`${server.http}/?channel=other`);
  await noticeBecomes(page, /Your link is for another channel/);
  assert.equal(dials(page), 2);
  await page.context().close();
  await other.end('SIGINT');
});

test('a channel that nobody publishes on tells only those what to type who may publish', async () => {
  for (const [rights, hints] of [
    ['view', 0],
    ['view,publish', 1],
  ]) {
    const page = await open(linkTo('car-9', await stage.token({ channel: 'car-*', rights })));
    await textBecomes(page, 'state', /^Waiting$/);
    assert.equal(await page.locator('.command').count(), hints, rights);
    if (hints > 0) assert.match(await page.locator('.command').textContent(), /--token-file/);
    await page.context().close();
  }
});

test(
  'a page that comes back after its WebSocket broke off is let in again',
  { timeout: 2 * kDeadlineMs },
  async () => {
    const page = await open(
      linkTo('car-1', await stage.token({ channel: 'car-1', rights: 'view' })),
    );
    await textBecomes(page, 'state', /^Connected$/);
    await server.program.end('SIGKILL');
    await textBecomes(page, 'state', /^(Rejoining|Reconnecting)$/);
    const before = dials(page);
    server = await stage.serve({
      ...server,
      more: ['--name', 'robots.test', '--log', 'debug'],
    });
    await textBecomes(page, 'state', /^Connected$/);
    await pictureMoves(page);
    assert.ok(dials(page) > before);
    await page.context().close();
  },
);

test('nothing that the server says has a token in it', async () => {
  assert.ok(stage.tokens.length > 5);
  for (const token of stage.tokens) assert.ok(!server.program.errors.includes(token));
});
