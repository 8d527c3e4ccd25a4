import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kAskForCameras, parseCameras, selectCamera } from './cameras.ts';

test('a publisher’s cameras are read with the one on the air', () => {
  const text = '{"cameras":["front","rear"],"camera":"rear"}';
  assert.deepEqual(parseCameras(text), { names: ['front', 'rear'], onAir: 'rear' });
});

test('a name that comes twice is one camera', () => {
  const text = '{"cameras":["front","front"],"camera":"front"}';
  assert.deepEqual(parseCameras(text)?.names, ['front']);
});

test('anything else says nothing of cameras', () => {
  const others = [
    '',
    'front',
    'null',
    '[]',
    '{}',
    '{"camera":"front"}',
    '{"cameras":["front"]}',
    '{"cameras":"front","camera":"front"}',
    '{"cameras":["front",""],"camera":"front"}',
    '{"cameras":["front",1],"camera":"front"}',
    '{"cameras":["front",null],"camera":"front"}',
    '{"cameras":["front"],"camera":1}',
    JSON.stringify({ cameras: Array.from({ length: 33 }, (_, n) => `c${n}`), camera: 'c0' }),
  ];
  for (const text of others) assert.equal(parseCameras(text), undefined, text);
});

test('a camera is asked for by its name, whatever that is', () => {
  assert.equal(selectCamera('rear'), '{"camera":"rear"}');
  assert.deepEqual(JSON.parse(selectCamera('a "b"\n')), { camera: 'a "b"\n' });
  assert.equal(kAskForCameras, '{"camera":"?"}');
});
