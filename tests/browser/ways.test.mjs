// A browser's other ways to the server: its relay, by UDP and TCP, and ICE over TCP.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage } from './browser.mjs';
import { Stage } from './program.mjs';
import { publishCamera } from './publish_page.mjs';

const stage = new Stage();
let server;
let browser;

before(async () => {
  server = await stage.serve({ address: '0.0.0.0', more: ['--open'] });
  browser = await launch('--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream');
});

after(async () => {
  await browser?.close();
  await stage.close();
});

/** The kinds of both ends of the way that is used, and its transport. */
async function chosenWay() {
  const stats = [...(await globalThis.robot.peer.getStats()).values()];
  const find = (id) => stats.find((each) => each.id === id);
  const transport = stats.find(({ type }) => type === 'transport');
  const pair = find(transport.selectedCandidatePairId);
  const local = find(pair.localCandidateId);
  return [local.candidateType, local.relayProtocol ?? local.protocol];
}

for (const [name, options, way] of [
  ['its relay by UDP', { relay: 'udp' }, ['relay', 'udp']],
  ['its relay by TCP', { relay: 'tcp' }, ['relay', 'tcp']],
  ['ICE over TCP', { without: ' udp ' }, [undefined, 'tcp']],
]) {
  test(`a browser's camera comes through ${name}`, async () => {
    const channel = `way-${Object.values(options)[0].trim()}`;
    const page = await openPage(browser);
    await page.goto(`${server.http}/healthz`);
    const subscriber = stage.start(
      ...['subscribe', '--server', server.ws, '--channel', channel, '--stats'],
    );
    const url = `${server.ws}/live/ws/pub?channel=${channel}`;
    await page.evaluate(publishCamera, { url, codec: 'VP8', ...options });
    await subscriber.waitForStats(({ video }) => video?.frames >= 30);
    const [kind, protocol] = await page.evaluate(chosenWay);
    assert.equal(protocol, way[1]);
    if (way[0]) assert.equal(kind, way[0]);
    await page.close();
    await subscriber.end('SIGINT');
  });
}
