#!/usr/bin/env bash
# A page that Playwright has opened can't be frozen, though the browser says that it was.
#
# One would guess: what a page does when its tab is hidden and frozen is tested by the DevTools protocol's
# Page.setWebLifecycleState, which Playwright passes on by newCDPSession(); it is answered with success.
# Seen: Playwright emulates focus on each of its pages, and the browser keeps such a page visible and awake. No
# visibilitychange, no freeze, timers run on, and the answer is {} all the same. Over a connection of one's own to the same
# browser a page is hidden and frozen, and wakes when it is asked to.
#
# Output, after the version:
#   a page of Playwright's: {}, visible, timers run, events: none
#   a page of another connection's: {}, timers stand still; events: visibilitychange hidden, freeze
#
# Needs Debian 12 with chromium, Node.js 18 and npm. Fails if that changes; Chromium 156.0.8078.108 with Playwright 1.60.0
# was seen.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder" || { sleep 2; rm -rf "$folder"; }' EXIT

cat >"$folder/freeze.mjs" <<'SCRIPT'
import { chromium } from 'playwright-core';
import WebSocket from 'ws';

const kPage = `data:text/html,<script>
  window.ticks = 0;
  window.events = [];
  setInterval(() => ticks++, 20);
  document.addEventListener('visibilitychange', () => events.push('visibilitychange ' + document.visibilityState));
  document.addEventListener('freeze', () => events.push('freeze'));
</script>`;
const kState = 'JSON.stringify([ticks, document.visibilityState, events])';
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What it says twice, a second apart, of which the second counts; whether its timers ran between. */
async function look(ask) {
  const [before] = JSON.parse(await ask());
  await wait(1000);
  const [ticks, visibility, events] = JSON.parse(await ask());
  return { runs: ticks - before > 10, visibility, events: events.join(', ') || 'none' };
}

const browser = await chromium.launch({
  executablePath: process.argv[2],
  args: ['--no-sandbox', '--remote-debugging-port=0'],
});
const page = await browser.newPage();
await page.goto(kPage);
const session = await page.context().newCDPSession(page);
const said = JSON.stringify(await session.send('Page.setWebLifecycleState', { state: 'frozen' }));
const own = await look(() => page.evaluate(kState));
const timers = (runs) => (runs ? 'timers run' : 'timers stand still');
console.log(`a page of Playwright's: ${said}, ${own.visibility}, ${timers(own.runs)}, events: ${own.events}`);
await browser.close();

// The same program, driven by nobody else.
const { spawn } = await import('node:child_process');
const alone = spawn(process.argv[2], [
  ...['--headless=new', '--no-sandbox', '--no-first-run', '--remote-debugging-port=0'],
  ...[`--user-data-dir=${process.argv[3]}`, 'about:blank'],
]);
const address = await new Promise((resolve) => {
  let text = '';
  alone.stderr.on('data', (part) => {
    text += part;
    const found = /listening on (ws:\S+)/.exec(text);
    if (found) resolve(found[1]);
  });
});
const socket = new WebSocket(address);
await new Promise((resolve) => socket.once('open', resolve));
let number = 0;
const waiting = new Map();
socket.on('message', (text) => {
  const { id, result } = JSON.parse(text);
  waiting.get(id)?.(result);
});
function send(method, params, sessionId) {
  socket.send(JSON.stringify({ id: ++number, method, params, sessionId }));
  return new Promise((resolve) => waiting.set(number, resolve));
}
const { targetId } = await send('Target.createTarget', { url: kPage });
const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
await wait(500);
const frozen = JSON.stringify(await send('Page.setWebLifecycleState', { state: 'frozen' }, sessionId));
const { runs, events } = await look(
  async () => (await send('Runtime.evaluate', { expression: kState }, sessionId)).result.value,
);
console.log(`a page of another connection's: ${frozen}, ${timers(runs)}; events: ${events}`);
const ended = new Promise((resolve) => alone.once('exit', resolve));
void send('Browser.close');
await ended;
process.exit(0);
SCRIPT

npm install --silent --no-fund --no-audit --prefix "$folder" playwright-core@1.60.0 ws@8.18.0 >/dev/null
wanted="a page of Playwright's: {}, visible, timers run, events: none
a page of another connection's: {}, timers stand still; events: visibilitychange hidden, freeze"
program=$(command -v chromium)
"$program" --version
output=$(node "$folder/freeze.mjs" "$program" "$folder/profile" 2>"$folder/errors") || cat "$folder/errors" >&2
echo "$output"
[ "$output" = "$wanted" ] || { echo "with Chromium 156.0.8078.108 and Playwright 1.60.0 this was: $wanted" >&2; exit 1; }
