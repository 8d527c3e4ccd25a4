import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publishCommand } from './publish_command.ts';

function origin(url: string) {
  const { protocol, hostname, port } = new URL(url);
  return { protocol, hostname, port };
}

test('on the own machine no certificate is in the way', () => {
  for (const host of ['127.0.0.1:8267', 'localhost:8267', '[::1]:8267']) {
    assert.match(
      publishCommand(origin(`http://${host}/`), 'car-1', { fingerprint: 'sha256:ab' }),
      /^rtcpub publish --server ws:\/\/\S+ \\\n {2}--channel car-1 /,
    );
  }
});

test('elsewhere the whole line pins the certificate that the server has made', () => {
  const { 0: first } = publishCommand(origin('https://10.0.0.7:8267/'), 'car-1', {
    fingerprint: 'sha256:ab',
  }).split(' \\\n');
  assert.equal(first, 'rtcpub publish --server wss://10.0.0.7:8267 --fingerprint sha256:ab');
});

test('a certificate that systems trust needs no word, but the port does: rtcpub’s own is another', () => {
  assert.doesNotMatch(publishCommand(origin('https://robots.example/'), 'car-1'), /fingerprint/);
  assert.match(
    publishCommand(origin('https://robots.example/'), 'car-1'),
    /wss:\/\/robots.example:443 /,
  );
});

test('where the server asks for tokens the robot brings one', () => {
  const here = origin('http://127.0.0.1:8267/');
  assert.match(publishCommand(here, 'car-1', { token: true }), / --token-file \S+ \\\n/);
  assert.doesNotMatch(publishCommand(here, 'car-1'), /token/);
});
