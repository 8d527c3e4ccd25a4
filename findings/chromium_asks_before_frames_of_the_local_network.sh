#!/usr/bin/env bash
# A frame of a page from the internet shows nothing of a server on the local network, unless the person has permitted it.
#
# One would guess: Chromium's Local Network Access keeps a page from requests to the local network; a frame is a page of
# its own there, which the server has agreed to (frame-ancestors, or none), and `allow` on the frame decides the rest.
# Seen: the frame's own loading counts as the outer page's request. It fails with
# ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS until the person has permitted it to the outer page; `allow` on the frame
# changes nothing in that, neither way. Between two servers of this machine nobody is asked.
#
# Output, after the version:
#   from this machine: shown
#   from the internet: blocked; with allow="local-network-access": blocked
#   permitted by the person: shown; with allow="local-network-access": shown
#
# Needs Debian 12 with chromium, Node.js 18 and npm. Fails if that changes; 156.0.8078.108 was seen.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat >"$folder/frame.mjs" <<'SCRIPT'
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';

function listen(html) {
  const server = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(html(request.url));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const robot = await listen(() => '<p id="robot">here</p>');
const source = `http://127.0.0.1:${robot.address().port}/`;
const site = await listen((url) => `<iframe allow="${url.slice(1)}" src="${source}"></iframe>`);
const { port } = site.address();
const origin = `http://localhost:${port}`;

/** What the frame of the site's page shows; `flags` say where the site is taken to be. */
async function show(flags, allow, permitted) {
  const options = { executablePath: process.argv[2], args: ['--no-sandbox', ...flags] };
  const browser = await chromium.launch(options);
  const context = await browser.newContext();
  if (permitted) await context.grantPermissions(['local-network-access'], { origin });
  const page = await context.newPage();
  const blocked = page
    .waitForEvent('requestfailed')
    .then((request) => /LOCAL_NETWORK/.test(request.failure().errorText) && 'blocked')
    .catch(() => undefined);
  const shown = page.frameLocator('iframe').locator('#robot').waitFor();
  await page.goto(`${origin}/${allow}`);
  const seen = await Promise.race([blocked, shown.then(() => 'shown').catch(() => undefined)]);
  await browser.close();
  return seen;
}

// A secure context as by https, at an address that counts as one of the internet.
const internet = [
  `--ip-address-space-overrides=127.0.0.1:${port}=public,[::1]:${port}=public`,
  `--unsafely-treat-insecure-origin-as-secure=${origin}`,
];
const kAllow = 'local-network-access';
console.log(`from this machine: ${await show([], '', false)}`);
for (const [name, permitted] of [
  ['from the internet', false],
  ['permitted by the person', true],
]) {
  const [bare, allowed] = [
    await show(internet, '', permitted),
    await show(internet, kAllow, permitted),
  ];
  console.log(`${name}: ${bare}; with allow="${kAllow}": ${allowed}`);
}
process.exit(0);
SCRIPT

npm install --silent --no-fund --no-audit --prefix "$folder" playwright-core@1.60.0 >/dev/null
wanted='from this machine: shown
from the internet: blocked; with allow="local-network-access": blocked
permitted by the person: shown; with allow="local-network-access": shown'
program=$(command -v chromium)
"$program" --version
output=$(node "$folder/frame.mjs" "$program" 2>/dev/null)
echo "$output"
[ "$output" = "$wanted" ] || { echo "with Chromium 156.0.8078.108 this was: $wanted" >&2; exit 1; }
