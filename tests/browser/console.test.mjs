// The web console in a browser: what a person sees and does there.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage, tellUntil } from './browser.mjs';
import { kDeadlineMs, Stage } from './program.mjs';
import { presentedNumbers } from './stamp.mjs';

const kChannel = 'car-1';
const kVideo = '[data-testid=video]';

const stage = new Stage();
let server;
let publisher;
let browser;
let page;

async function publish() {
  const source = 'test:?size=640x480&fps=30&stamp';
  const data = ['--data', 'metric', '--data', 'stream', '--print-data'];
  const started = stage.start(
    'publish',
    '--server',
    server.ws,
    '--channel',
    kChannel,
    '--video',
    source,
    ...data,
  );
  await started.waitForLine('success');
  return started;
}

function text(id) {
  return page.getByTestId(id).textContent();
}

/** Waits until the text of an element is as wanted. */
async function textBecomes(id, pattern) {
  const find = ([testId, source, flags]) => {
    const said = document.querySelector(`[data-testid=${testId}]`)?.textContent ?? '';
    return new RegExp(source, flags).test(said);
  };
  await page.waitForFunction(find, [id, pattern.source, pattern.flags]);
  return text(id);
}

async function movingNumbers(count) {
  const numbers = await page.evaluate(presentedNumbers, { selector: kVideo, count });
  const readable = numbers.filter((number) => number !== null);
  assert.ok(readable.length >= count * 0.8, `too few stamps can be read: ${numbers}`);
  // Not strictly: a page that is late may see one picture twice.
  const inOrder = readable.every((number, at) => at === 0 || number >= readable[at - 1]);
  assert.ok(inOrder, `${numbers}`);
  return readable.at(-1) - readable[0];
}

before(async () => {
  server = await stage.serve();
  publisher = await publish();
  browser = await launch();
  page = await openPage(browser, { viewport: { width: 1280, height: 800 } });
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && page.problems.push(message.text()));
});

after(async () => {
  await browser?.close();
  await stage.close();
});

test('the console lists the channel with its state, and its link opens it', async () => {
  await page.goto(server.http);
  const link = page.getByTestId('channel-list').getByTestId('channel-link');
  await link.waitFor();
  assert.equal(await link.count(), 1);
  await textBecomes('channel-link', /car-1.*live.*H264/s);
  await link.click();
  await page.waitForURL(`${server.http}/?channel=${kChannel}`);
});

test('the picture is decoded and moves', async () => {
  await textBecomes('state', /^Connected$/);
  await page.waitForFunction(
    (selector) => document.querySelector(selector)?.videoWidth > 0,
    kVideo,
  );
  assert.ok((await movingNumbers(30)) >= 20);
  const size = await page.$eval(kVideo, (video) => [video.videoWidth, video.videoHeight]);
  assert.deepEqual(size, [640, 480]);
});

test('the figures below the picture are plausible', async () => {
  const delay = parseFloat(await textBecomes('delay', /^[\d.]+ ms$/));
  assert.ok(delay > 0 && delay < 2000, `${delay}`);
  // The first second's figures are of less than a second.
  await textBecomes('fps', /^([6-9]|[1-3]\d|4[0-4])(\.\d+)?$/);
  await textBecomes('bitrate', /^[1-9][\d.]* (k|M)bit\/s$/);
  assert.match(await textBecomes('rtt', /ms$/), /^(< 1|\d{1,3}) ms$/);
  assert.match(await textBecomes('loss', /%$/), /^[\d.]+ %$/);
});

test('telemetry is listed and plotted', async () => {
  publisher.write('metric\t{"speed":{"key":"maxSpeed","value":400}}');
  assert.match(await textBecomes('log', /maxSpeed/), /metric.*"value":400/);
  await page.getByTestId('plot').locator('canvas').first().waitFor();
  await textBecomes('plot', /400/);
});

test('what is typed reaches the publisher', async () => {
  for (const typed of ['{"speed":{"key":"maxSpeed","value":400}}', 'forward, 빨리!']) {
    await page.getByTestId('send-input').fill(typed);
    await page.getByTestId('send-button').click();
    await publisher.waitForLine(`stream\t${typed}`);
  }
  assert.match(await textBecomes('log', /forward, 빨리!/), /→ stream/);
});

test('what moves the robot is sent by who drives only, and whoever types it is told', async () => {
  const motion = '{"motion":{"key":"forward","value":5}}';
  const type = async (text) => {
    await page.getByTestId('send-input').fill(text);
    await page.getByTestId('send-button').click();
  };
  await type(motion);
  await textBecomes('send-note', /drive/);
  await type('after it');
  await publisher.waitForLine('stream\tafter it');
  assert.ok(!publisher.lines.includes(`stream\t${motion}`));
});

test('how commands are delivered can be chosen', async () => {
  const openings = await page.evaluate(() => {
    const create = RTCPeerConnection.prototype.createDataChannel;
    window.openings = [];
    RTCPeerConnection.prototype.createDataChannel = function (label, init) {
      window.openings.push([label, init]);
      return create.call(this, label, init);
    };
    return window.openings;
  });
  assert.deepEqual(openings, []);
  for (const [choice, init] of [
    ['recent', { ordered: false, maxPacketLifeTime: 300 }],
    ['once', { ordered: false, maxRetransmits: 0 }],
    ['reliable', {}],
  ]) {
    await page.getByTestId('send-delivery').selectOption(choice);
    assert.deepEqual((await page.evaluate(() => window.openings)).at(-1), ['stream', init]);
    await page.locator('[data-testid=send-button]:not([disabled])').waitFor();
    await page.getByTestId('send-input').fill(`turn, ${choice}`);
    await page.getByTestId('send-button').click();
    await publisher.waitForLine(`stream\tturn, ${choice}`);
  }
});

test('a publisher with one picture offers no choice of cameras', async () => {
  assert.equal(await page.getByTestId('cameras').isVisible(), false);
  assert.doesNotMatch(await text('log'), /cameras/);
});

async function pictureBecomes(width, height) {
  const find = ([selector, w, h]) => {
    const video = document.querySelector(selector);
    return video?.videoWidth === w && video.videoHeight === h;
  };
  await page.waitForFunction(find, [kVideo, width, height]);
}

test('cameras are chosen by pointer and keyboard, and follow the robot', async () => {
  const front = 'front=test:?size=640x480&fps=30&stamp';
  const rear = 'rear=test:?size=512x256&fps=15&stamp';
  const target = ['--server', server.ws, '--channel', 'car-2'];
  const car = stage.start('publish', ...target, '--video', front, '--video', rear);
  await car.waitForLine('success');
  await page.goto(`${server.http}/?channel=car-2`);
  const cameras = page.getByRole('group', { name: 'Camera' });
  const button = (name, pressed) => cameras.getByRole('button', { name, exact: true, pressed });
  await button('front', true).waitFor();
  await button('rear', false).click();
  await button('rear', true).waitFor();
  await pictureBecomes(512, 256);
  assert.ok((await movingNumbers(20)) >= 10);
  await button('front', false).focus();
  await page.keyboard.press('Enter');
  await button('front', true).waitFor();
  await pictureBecomes(640, 480);
  car.write(':camera rear');
  await button('rear', true).waitFor();
  await pictureBecomes(512, 256);
  assert.doesNotMatch(await text('log'), /camera/);

  await car.end('SIGINT');
  await cameras.waitFor({ state: 'hidden' });
  const again = stage.start('publish', ...target, '--video', front, '--video', rear);
  await again.waitForLine('success');
  await button('front', true).waitFor();
  await again.end('SIGINT');
  await page.goto(`${server.http}/?channel=${kChannel}`);
  await textBecomes('state', /^Connected$/);
});

test('a restarted publisher is seen again without a reload', async () => {
  await publisher.end('SIGINT');
  await textBecomes('state', /^Waiting$/);
  publisher = await publish();
  await textBecomes('state', /^Connected$/);
  assert.ok((await movingNumbers(20)) >= 10);
});

test('console and publisher come back by themselves when the server is restarted', async () => {
  assert.deepEqual(page.problems, []);
  await server.program.end('SIGINT');
  await textBecomes('state', /^Reconnecting$/);
  server = await stage.serve(server);
  await textBecomes('state', /^Connected$/);
  assert.ok((await movingNumbers(20)) >= 10);
  await tellUntil(publisher, 'metric\t{"back":1}', () => textBecomes('log', /"back":1/));
});

test('a channel is opened by its name, and a bad name is refused in words', async () => {
  await page.goto(server.http);
  const input = page.getByTestId('channel-input');
  await input.fill('my car');
  await input.press('Enter');
  await page.getByText('A channel ID has').waitFor();
  await input.fill('nobody-there');
  await input.press('Enter');
  await page.waitForURL(`${server.http}/?channel=nobody-there`);
  await textBecomes('state', /^Waiting$/);
});

test(
  'many viewers of one channel are told how many they are',
  { timeout: 2 * kDeadlineMs },
  async () => {
    const second = await openPage(browser);
    await page.goto(`${server.http}/?channel=${kChannel}`);
    await second.goto(`${server.http}/?channel=${kChannel}`);
    await page.getByText('2 viewers').waitFor();
    await second.close();
    await page.getByText('1 viewer', { exact: true }).waitFor();
  },
);
