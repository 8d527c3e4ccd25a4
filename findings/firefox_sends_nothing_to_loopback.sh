#!/usr/bin/env bash
# Firefox ESR 153.8 sends no ICE check to a peer on 127.0.0.1, not even from a page that came from there.
#
# One would guess: browsers don't name loopback addresses among their own candidates (RFC 8445 section 5.1.1.1), but
# they check whichever the other side names, as Chromium 156 does.
# Seen: the peer's only candidate is a socket on 127.0.0.1, UDP or TCP. Chromium sends checks to UDP, and connects by
# TCP. From Firefox nothing comes at all. It checks the same machine at the address of its network, so a server for
# this machine alone has to listen there, too.
#
# Output, after the versions:
#   Chromium: 127.0.0.1 UDP reached, TCP reached; the network's address: UDP reached, TCP reached
#   Firefox: 127.0.0.1 UDP not reached, TCP not reached; the network's address: UDP reached, TCP reached
#
# Needs Debian 12 with chromium, Node.js 18, what firefox-esr depends on, and an IPv4 address besides loopback. Fails if
# that changes; Chromium 156.0.8078.108 was seen.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat >"$folder/peer.mjs" <<'SCRIPT'
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';

const kStunCookie = 0x2112a442; // RFC 8489 section 5
const kWaitMs = 6000;

/** In the page: offers a data channel to a peer with that one candidate. */
async function connect(candidate) {
  const peer = new RTCPeerConnection();
  peer.createDataChannel('any');
  await peer.setLocalDescription();
  const lines = [
    'v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0', 'a=ice-lite',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'c=IN IP4 0.0.0.0', 'a=mid:0', 'a=sctp-port:5000',
    'a=ice-ufrag:peer', 'a=ice-pwd:passwordpasswordpassword', 'a=setup:passive',
    /a=fingerprint:.*/.exec(peer.localDescription.sdp)[0], // any will do, there is no DTLS
    `a=candidate:1 1 ${candidate}`, 'a=end-of-candidates', '',
  ];
  await peer.setRemoteDescription({ type: 'answer', sdp: lines.join('\r\n') });
  return peer;
}

/** A socket that answers nothing; `reached` is set by the first STUN message, or connection. */
async function udp(address) {
  const one = { socket: createSocket('udp4') };
  one.socket.on('message', (m) => (one.reached ||= m.length >= 20 && m.readUInt32BE(4) === kStunCookie));
  await new Promise((resolve) => one.socket.bind(0, address, resolve));
  one.candidate = `udp 2130706431 ${address} ${one.socket.address().port} typ host`;
  return one;
}

async function tcp(address) {
  const one = { socket: createServer() };
  one.socket.on('connection', (stream) => stream.on('error', () => {}) && (one.reached = true));
  await new Promise((resolve) => one.socket.listen(0, address, resolve));
  one.candidate = `tcp 1518280447 ${address} ${one.socket.address().port} typ host tcptype passive`;
  return one;
}

const [, , name, folder, program, ...options] = process.argv;
const own = Object.values(networkInterfaces()).flat().find((each) => each.family === 'IPv4' && !each.internal);
const peers = await Promise.all([udp('127.0.0.1'), tcp('127.0.0.1'), udp(own.address), tcp(own.address)]);
const candidates = JSON.stringify(peers.map(({ candidate }) => candidate));
const page = `<!doctype html><script type="module">
window.peers = await Promise.all(${candidates}.map(${connect})); // kept
await fetch('/connecting');
</script>`;

const browser = await new Promise((resolve, reject) => {
  const server = createHttpServer((request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(request.url === '/' ? page : '');
    if (request.url === '/connecting') resolve(browser);
  });
  let browser;
  server.listen(0, '127.0.0.1', () => {
    const url = `http://127.0.0.1:${server.address().port}/`;
    browser = spawn(program, [...options, url], { stdio: 'ignore', env: { ...process.env, HOME: folder } });
    browser.on('error', reject);
  });
  setTimeout(() => (browser?.kill(), reject(new Error('the page did not come'))), 60_000);
});
await new Promise((resolve) => setTimeout(resolve, kWaitMs));
await new Promise((resolve) => browser.on('exit', resolve).kill());
const said = peers.map(({ reached }) => (reached ? 'reached' : 'not reached'));
console.log(
  `${name}: 127.0.0.1 UDP ${said[0]}, TCP ${said[1]};`,
  `the network's address: UDP ${said[2]}, TCP ${said[3]}`,
);
process.exit(0);
SCRIPT

(cd "$folder" && apt-get -qq download firefox-esr=153.8.0esr-1~deb12u1 >/dev/null 2>&1)
dpkg -x "$folder"/firefox-esr*.deb "$folder/debian"
firefox=$folder/debian/usr/lib/firefox-esr/firefox-esr
chromium=$(command -v chromium)
"$chromium" --version 2>/dev/null
"$firefox" --version
mkdir "$folder/chromium" "$folder/firefox"
output=$(
  node "$folder/peer.mjs" Chromium "$folder/chromium" "$chromium" --headless --no-sandbox --disable-gpu \
    --user-data-dir="$folder/chromium"
  node "$folder/peer.mjs" Firefox "$folder/firefox" "$firefox" --headless --no-remote --profile "$folder/firefox"
)
wanted="Chromium: 127.0.0.1 UDP reached, TCP reached; the network's address: UDP reached, TCP reached
Firefox: 127.0.0.1 UDP not reached, TCP not reached; the network's address: UDP reached, TCP reached"
echo "$output"
[ "$output" = "$wanted" ] || { echo "this was: $wanted" >&2; exit 1; }
