// The web console when the network, the server or the robot goes away and comes back: without a reload.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage } from './browser.mjs';
import { Stage } from './program.mjs';
import { Proxy } from './proxy.mjs';
import { presentedNumbers } from './stamp.mjs';

const kVideo = '[data-testid=video]';
const kTarget = ['--channel', 'car-1', '--video', 'test:?size=640x480&fps=30&stamp'];

const stage = new Stage();
let server;
let publisher;
let browser;
let page;
let proxy;

async function publish() {
  const started = stage.start('publish', '--server', server.ws, ...kTarget, '--data', 'metric');
  await started.waitForLine('success');
  return started;
}

/** Waits until the text of an element is as wanted. */
async function textBecomes(id, pattern) {
  const find = ([testId, source]) =>
    new RegExp(source).test(document.querySelector(`[data-testid=${testId}]`)?.textContent ?? '');
  await page.waitForFunction(find, [id, pattern.source]);
}

async function pictureMoves() {
  const numbers = await page.evaluate(presentedNumbers, { selector: kVideo, count: 20 });
  const readable = numbers.filter((number) => number !== null);
  assert.ok(readable.at(-1) > readable[0], `${numbers}`);
}

/** So that it can be told whether the page goes on with the same stream. */
function rememberStream() {
  return page.$eval(kVideo, (video) => void (window.before = video.srcObject));
}

function isSameStream() {
  return page.$eval(kVideo, (video) => video.srcObject === window.before);
}

before(async () => {
  server = await stage.serve();
  publisher = await publish();
  proxy = new Proxy(server.port);
  await proxy.open();
  browser = await launch();
  page = await openPage(browser);
  await page.goto(`${proxy.http}/?channel=car-1`);
  await textBecomes('state', /^Connected$/);
});

after(async () => {
  await browser?.close();
  await proxy?.close();
  await stage.close();
});

test('the picture goes on while the WebSocket is away, and after it is back', async () => {
  await rememberStream();
  await proxy.close();
  await textBecomes('state', /^Rejoining$/);
  await textBecomes('reason', /./);
  await pictureMoves();
  await proxy.open();
  await textBecomes('state', /^Connected$/);
  await textBecomes('reason', /^$/);
  await pictureMoves();
  assert.ok(await isSameStream());
  publisher.write('metric\t{"still":1}');
  await textBecomes('log', /"still":1/);
});

test('a publisher from which nothing comes is away, and back', async () => {
  await rememberStream();
  publisher.process.kill('SIGSTOP');
  await textBecomes('state', /^Publisher away$/);
  await textBecomes('reason', /Nothing arrives from the publisher/);
  publisher.process.kill('SIGCONT');
  await textBecomes('state', /^Connected$/);
  await pictureMoves();
  assert.ok(await isSameStream());
});

test('a server that hangs for some seconds is waited for', async () => {
  await rememberStream();
  server.program.process.kill('SIGSTOP');
  await textBecomes('state', /^Reconnecting$/);
  await textBecomes('reason', /./);
  server.program.process.kill('SIGCONT');
  await textBecomes('state', /^Connected$/);
  await pictureMoves();
  assert.ok(await isSameStream());
});

test('a server that is killed is found again when it is restarted', async () => {
  await server.program.end('SIGKILL');
  await textBecomes('state', /^(Rejoining|Reconnecting)$/);
  server = await stage.serve(server);
  await publisher.end('SIGINT');
  publisher = await publish();
  await textBecomes('state', /^Connected$/);
  await pictureMoves();
});

/** From now on the page counts the WebSockets that it opens. */
function countDials() {
  const Original = window.WebSocket;
  window.dials = 0;
  window.WebSocket = class extends Original {
    constructor(...parameters) {
      super(...parameters);
      window.dials += 1;
    }
  };
}

/** The page asks so often in vain whether the server is there. */
function asksInVain(times) {
  return new Promise((resolve) => {
    const onFailed = (request) => {
      if (!request.url().endsWith('/healthz') || --times > 0) return;
      page.off('requestfailed', onFailed);
      resolve();
    };
    page.on('requestfailed', onFailed);
  });
}

test('a server that was away for seconds is found as soon as it answers', async (t) => {
  const viewer = stage.start('subscribe', '--server', server.ws, '--channel', 'car-1', '--stats');
  const programSees = () => viewer.waitForStats(({ video }) => video?.fps > 1);
  await page.evaluate(countDials);
  for (let run = 0; run < 3; run++) {
    await programSees();
    await page.evaluate(() => (window.dials = 0));
    await Promise.all([asksInVain(12), server.program.end('SIGINT')]);
    // Chromium would hold back the next ones by seconds when too many had failed.
    assert.equal(await page.evaluate(() => window.dials), 0);
    server = await stage.serve(server);
    const up = Date.now();
    const since = (what) => what.then(() => Date.now() - up);
    const back = textBecomes('state', /^Connected$/).then(pictureMoves);
    const [inConsole, inProgram] = await Promise.all([since(back), since(programSees())]);
    t.diagnostic(`server up → 20 pictures in the console ${inConsole} ms; program ${inProgram} ms`);
  }
  await viewer.end('SIGINT');
});

/** From now on what the page waits for never comes by itself. */
function holdTimers() {
  const original = window.setTimeout;
  window.releaseTimers = () => {
    window.setTimeout = original;
  };
  window.heldTimers = 0;
  window.setTimeout = () => {
    window.heldTimers += 1;
    return 0;
  };
}

/** How often the page asks at once to be let in, before it dials, when the browser says that the network is back. */
function asksWhenOnline() {
  const original = window.fetch;
  let asked = 0;
  window.fetch = (url, ...more) => {
    if (url.startsWith('/api/access')) asked += 1;
    return original(url, ...more);
  };
  window.releaseTimers();
  window.dispatchEvent(new Event('online'));
  window.fetch = original;
  return asked;
}

test('the network being back ends the wait for the next attempt', async () => {
  await page.evaluate(holdTimers);
  await server.program.end('SIGKILL');
  await textBecomes('state', /^(Rejoining|Reconnecting)$/);
  await page.waitForFunction(() => window.heldTimers > 0);
  server = await stage.serve(server);
  await publisher.end('SIGINT');
  publisher = await publish();
  assert.equal(await page.evaluate(asksWhenOnline), 1);
  await textBecomes('state', /^Connected$/);
  await pictureMoves();
});
