import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import {
  authorization,
  fragmentToKeep,
  keepToken,
  subprotocols,
  takeTokenFromAddress,
  token,
} from './credentials.ts';

const kToken = 'eyJ.abc.def';

/** A page at this address, in a tab that keeps what it is given, unless it may not. */
function open(address: string, mayKeep = true): string[] {
  const shown: string[] = [];
  const kept = new Map<string, string>();
  const refuse = () => {
    throw new Error('SecurityError');
  };
  const { pathname, search, hash } = new URL(address);
  Object.assign(globalThis, {
    location: { pathname, search, hash },
    history: {
      state: null,
      replaceState: (_: unknown, __: string, url: string) => shown.push(url),
    },
    sessionStorage: {
      getItem: mayKeep ? (key: string) => kept.get(key) ?? null : refuse,
      setItem: mayKeep ? (key: string, value: string) => kept.set(key, value) : refuse,
    },
  });
  return shown;
}

beforeEach(() => {
  open('https://robots.example/');
});

test('a link’s token is taken out of the address and kept', () => {
  const shown = open(`https://robots.example/?channel=car-1#token=${kToken}`);
  assert.ok(takeTokenFromAddress());
  assert.deepEqual(shown, ['/?channel=car-1']);
  assert.equal(token(), kToken);
  assert.deepEqual(authorization(), { Authorization: `Bearer ${kToken}` });
  assert.deepEqual(subprotocols(), ['rtcpub', `rtcpub.token.${kToken}`]);
});

test('an address without one stays as it is', () => {
  for (const address of ['https://robots.example/', 'https://robots.example/?channel=a#full']) {
    const shown = open(address);
    assert.ok(!takeTokenFromAddress());
    assert.deepEqual(shown, []);
  }
});

test('what can be no token is taken out of the address, too, and forgotten', () => {
  const shown = open('https://robots.example/#token=a%0Ab');
  assert.ok(!takeTokenFromAddress());
  assert.deepEqual(shown, ['/']);
});

test('a page that may keep nothing has its token until it is left', () => {
  open('https://robots.example/', false);
  keepToken(kToken);
  assert.equal(token(), kToken);
});

test('a page that is loaded again brings its token along where the browser keeps nothing', () => {
  open(`https://robots.example/?channel=car-1#token=${kToken}`);
  takeTokenFromAddress();
  assert.equal(fragmentToKeep(), '');
  open(`https://robots.example/?channel=car-1#token=${kToken}`, false);
  takeTokenFromAddress();
  assert.equal(fragmentToKeep(), `#token=${kToken}`);
});

test('an installed page keeps its token for good', () => {
  const forGood = new Map<string, string>();
  open(`https://robots.example/?channel=car-1#token=${kToken}`);
  Object.assign(globalThis, {
    matchMedia: (query: string) => ({ matches: query === '(display-mode: standalone)' }),
    localStorage: {
      getItem: (key: string) => forGood.get(key) ?? null,
      setItem: (key: string, value: string) => forGood.set(key, value),
    },
  });
  takeTokenFromAddress();
  assert.deepEqual([...forGood.values()], [kToken]);
  assert.equal(token(), kToken);
});
