#!/usr/bin/env bash
# After failed WebSockets Chromium 156 holds back a page's next ones to any server; those that it gave up count, too.
#
# One would guess: who dials a server again that failed is to wait a while (RFC 6455 section 7.2.3), so a browser may
# delay that; another server is dialed at once. And a page that waits for 0.7 s, gives up and dials again gets
# through as soon as its server answers.
# Seen: after 20 WebSockets to a port where nobody listens, each one to another port, whose server answers a request at
# once, opens after 1 to 5 s. So a page that gives up after 0.7 s never gets through. Loading it again changes
# nothing, while a page of another browser context isn't held back. And 20 that the page itself gives up after 0.1 s,
# before a server answers that needs 0.3 s, do the same: giving up keeps the next ones held back.
#
# Output, after the version:
#   new page: 5 of 5 open within 0.7 s
#   after 20 that failed at another port: a request is answered within 0.7 s, 0 of 5 WebSockets open
#   that page, loaded again: one opens after more than 1 s
#   other pages: 5 of 5 open within 0.7 s; after 20 that one gave up the next opens after more than 1 s
#
# Needs Debian 12 with chromium, Node.js 18 and npm. Fails if that changes; 156.0.8078.108 was seen.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat >"$folder/dial.mjs" <<'SCRIPT'
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';

/** Answers requests, and accepts WebSockets (RFC 6455 section 4.2.2), after 0.3 s at `/late`. */
function listen() {
  const server = createServer((request, response) => response.end('here'));
  server.on('upgrade', ({ headers, url }, socket) => {
    const hash = createHash('sha1');
    hash.update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
    const accept = `Sec-WebSocket-Accept: ${hash.digest('base64')}`;
    socket.on('error', () => {}); // the page has given up
    const answer = `HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${accept}\r\n\r\n`;
    setTimeout(() => socket.write(answer), url === '/late' ? 300 : 0);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

/** Defined in each page: how long a WebSocket took to open, in ms; undefined if it didn't. */
function defineDial() {
  window.dial = (port, limit = 30_000, path = '/') =>
    new Promise((resolve) => {
      const start = performance.now();
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
      const end = (result) => {
        clearTimeout(timer);
        socket.onopen = socket.onerror = null;
        socket.close();
        resolve(result);
      };
      const timer = setTimeout(() => end(undefined), limit);
      socket.onopen = () => end(performance.now() - start);
      socket.onerror = () => end(undefined);
    });
}

const server = await listen();
const { port } = server.address();
const gone = await listen();
const deadPort = gone.address().port;
await new Promise((resolve) => gone.close(resolve));

const browser = await chromium.launch({ executablePath: process.argv[2], args: ['--no-sandbox', '--disable-gpu'] });
console.log('Chromium', browser.version());

/** A page in a browser context of its own. */
async function open() {
  const page = await (await browser.newContext()).newPage();
  await page.addInitScript(defineDial);
  await page.goto(`http://127.0.0.1:${port}/`);
  return page;
}

/** How many of five open within 0.7 s each. */
const opened = (page) =>
  page.evaluate(async (port) => {
    let count = 0;
    for (let i = 0; i < 5; i++) if (await dial(port, 700)) count++;
    return count;
  }, port);

const isAnswered = (page) =>
  page.evaluate(async () => {
    const start = performance.now();
    await fetch('/');
    return performance.now() - start < 700;
  });

async function waited(page) {
  const ms = await page.evaluate((port) => dial(port), port);
  return ms > 1000 ? 'after more than 1 s' : `after ${ms} ms`;
}

const before = await open();
console.log(`new page: ${await opened(before)} of 5 open within 0.7 s`);

const page = await open();
await page.evaluate(async (port) => {
  for (let i = 0; i < 20; i++) await dial(port);
}, deadPort);
const answered = (await isAnswered(page)) ? 'is' : 'is not';
console.log(
  `after 20 that failed at another port: a request ${answered} answered within 0.7 s,`,
  `${await opened(page)} of 5 WebSockets open`,
);
await page.reload();
console.log(`that page, loaded again: one opens ${await waited(page)}`);

const atFirst = await opened(await open());
const impatient = await open(); // those that open count in favour of the next ones
await impatient.evaluate(async (port) => {
  for (let i = 0; i < 20; i++) await dial(port, 100, '/late');
}, port);
const next = await waited(impatient);
console.log(`other pages: ${atFirst} of 5 open within 0.7 s; after 20 that one gave up the next opens ${next}`);
await browser.close();
server.closeAllConnections();
process.exit(0);
SCRIPT

npm install --silent --no-fund --no-audit --prefix "$folder" playwright-core@1.60.0 >/dev/null
wanted="new page: 5 of 5 open within 0.7 s
after 20 that failed at another port: a request is answered within 0.7 s, 0 of 5 WebSockets open
that page, loaded again: one opens after more than 1 s
other pages: 5 of 5 open within 0.7 s; after 20 that one gave up the next opens after more than 1 s"
output=$(node "$folder/dial.mjs" "$(command -v chromium)" 2>/dev/null)
echo "$output"
[ "$(tail -n +2 <<<"$output")" = "$wanted" ] || { echo "with Chromium 156.0.8078.108 this was: $wanted" >&2; exit 1; }
