// A browser with a camera as the publisher, watched by `rtcpub subscribe`.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage } from './browser.mjs';
import { Stage } from './program.mjs';
import { canSend, publishCamera, sendOnly, stopAndBeginAgain } from './publish_page.mjs';

const stage = new Stage();
let server;
let browser;

before(async () => {
  server = await stage.serve();
  browser = await launch('--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream');
});

after(async () => {
  await browser?.close();
  await stage.close();
});

for (const codec of ['VP8', 'H264', 'VP9']) {
  test(`a browser's camera is decoded from ${codec}, and data goes both ways`, async (context) => {
    const page = await openPage(browser);
    // A page of the server's origin without a script of its own.
    await page.goto(`${server.http}/healthz`);
    if (!(await page.evaluate(canSend, codec))) {
      assert.notEqual(codec, 'VP8');
      return context.skip(`this browser has no ${codec} encoder`);
    }
    const data = ['--data', 'metric', '--data', 'stream', '--print-data', '--stats'];
    const subscriber = stage.start('subscribe', '--server', server.ws, '--channel', codec, ...data);
    await page.evaluate(publishCamera, { url: `${server.ws}/live/ws/pub?channel=${codec}`, codec });

    const stats = await subscriber.waitForStats(({ video }) => video?.frames >= 30);
    assert.equal(stats.video.codec, codec);
    assert.deepEqual([stats.video.width / stats.video.height, stats.video.fps > 5], [4 / 3, true]);

    await page.evaluate(() => globalThis.robot.send('{"ir":{"key":"detectTime","value":1639.25}}'));
    await subscriber.waitForLine('metric\t{"ir":{"key":"detectTime","value":1639.25}}');
    // In its first second no robot is driven: it may have a gate.
    const moves = '{"motion":{"key":"back","value":2}}';
    const hears = (text) => globalThis.robot.received.includes(text);
    for (let heard = null; !heard; ) {
      for (const value of [0, 2]) subscriber.write(`stream\t{"motion":{"key":"back","value":${value}}}`);
      heard = await page.waitForFunction(hears, moves, { timeout: 100 }).catch(() => null);
    }
    await page.close();
    await subscriber.end('SIGINT');
  });
}

const kLayers = [
  { rid: 'f', scaleResolutionDownBy: 1 },
  { rid: 'h', scaleResolutionDownBy: 2 },
  { rid: 'q', scaleResolutionDownBy: 4 },
];

/** A robot that sends them, and a viewer of it; `watch` says when it shows pictures of a width. */
async function publishLayers(channel, encodings, watch) {
  const page = await openPage(browser);
  await page.goto(`${server.http}/healthz`);
  const subscriber = stage.start('subscribe', '--server', server.ws, '--channel', channel, '--stats');
  const url = `${server.ws}/live/ws/pub?channel=${channel}`;
  await page.evaluate(publishCamera, { url, codec: 'VP8', encodings });
  await watch(page, (width) =>
    subscriber.waitForStats(({ video }) => video?.width === width && video.fps > 5),
  );
  await page.close();
  await subscriber.end('SIGINT');
}

test('of simulcast layers the best is passed on where it is the first', async () => {
  await publishLayers('first', kLayers, (_, shows) => shows(1280));
});

test('of simulcast layers the best that comes is passed on where it is the last', async () => {
  await publishLayers('last', [...kLayers].reverse(), async (page, shows) => {
    await shows(1280);
    await page.evaluate(sendOnly, ['q', 'h']);
    await shows(640);
    await page.evaluate(sendOnly, ['q', 'h', 'f']);
    await shows(1280);
  });
});

test('a browser that stops all that it sends may begin again', async () => {
  const page = await openPage(browser);
  await page.goto(`${server.http}/healthz`);
  const subscriber = stage.start('subscribe', '--server', server.ws, '--channel', 'again', '--stats');
  const url = `${server.ws}/live/ws/pub?channel=again`;
  assert.deepEqual(await page.evaluate(stopAndBeginAgain, { url }), [[9], [0], [9]]);
  await subscriber.waitForStats(({ video }) => video?.frames >= 30 && video.fps > 5);
  await page.close();
  await subscriber.end('SIGINT');
});
