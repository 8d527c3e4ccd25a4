// A browser that can't show what the robot sends: the console says so, until it can.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage } from './browser.mjs';
import { Stage } from './program.mjs';
import { presentedNumbers } from './stamp.mjs';

const kChannel = 'car-1';

const stage = new Stage();
let server;
let browser;
let page;

async function publish(...options) {
  const video = ['--video', 'test:?size=640x480&fps=15&stamp'];
  const to = ['--server', server.ws, '--channel', kChannel];
  const started = stage.start('publish', ...to, ...video, ...options, '--stats');
  await started.waitForLine('success');
  return started;
}

/** As a Firefox before it has its plug-in: runs in the page before anything else. */
function withoutH264() {
  const add = RTCPeerConnection.prototype.addTransceiver;
  RTCPeerConnection.prototype.addTransceiver = function (kind, init) {
    const transceiver = add.call(this, kind, init);
    if (kind === 'video') {
      const { codecs } = RTCRtpReceiver.getCapabilities('video');
      transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => mimeType !== 'video/H264'));
    }
    return transceiver;
  };
}

before(async () => {
  server = await stage.serve();
  browser = await launch();
  page = await openPage(browser);
  await page.addInitScript(withoutH264);
});

after(async () => {
  await browser?.close();
  await stage.close();
});

test('words stand in the place of a picture whose codec the browser lacks', async () => {
  await publish('--codec', 'h264');
  await page.goto(`${server.http}/?channel=${kChannel}`);
  const notice = page.locator('.notice');
  await notice.getByText('this browser can’t show H264 Constrained Baseline').waitFor();
  assert.match(await notice.textContent(), /It shows VP8.*Start the publisher with --codec vp8\./);
});

test('the picture comes, and the words go, when a robot sends what the browser takes', async () => {
  const robot = await publish(); // its codec is open
  await page.locator('.notice').waitFor({ state: 'hidden' });
  const numbers = await page.evaluate(presentedNumbers, {
    selector: '[data-testid=video]',
    count: 10,
  });
  assert.ok(numbers.filter((number) => number !== null).length >= 8, `${numbers}`);
  await robot.waitForStats(({ video }) => video?.codec === 'VP8');
});
