import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ageUs, crc8, type Luma, lumaOf, readStamp, type Stamp, StampReader } from './stamp.ts';

const kGrey = 90;

/** A picture with a stamp as a browser shows it, cells of 16 * scale pixels, softened by noise. */
function draw(stamp: Stamp, scale: number, noise = 0): Luma {
  const [width, height] = [Math.round(640 * scale), Math.round(64 * scale)];
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  bytes[0] = 0xa5;
  view.setUint16(1, stamp.frame);
  view.setUint32(3, stamp.timeUs);
  bytes[7] = crc8(bytes, 7);
  const samples = new Uint8Array(width * height).fill(kGrey);
  for (let y = 0; y < 32 * scale; y++) {
    for (let x = 0; x < 512 * scale; x++) {
      const bit = 32 * Math.floor(y / (16 * scale)) + Math.floor(x / (16 * scale));
      const value = (bytes[bit >> 3]! >> (7 - (bit & 7))) & 1 ? 255 : 0;
      samples[y * width + x] = Math.abs(value - ((x * 31 + y * 17) % (noise + 1)));
    }
  }
  return { width, height, samples };
}

const kStamp: Stamp = { frame: 513, timeUs: 0xfedcba98 };

test('the checksum is CRC-8 with polynomial 0x07', () => {
  const text = new TextEncoder().encode('123456789');
  assert.equal(crc8(text, text.length), 0xf4);
});

test('a stamp is read as it was drawn', () => {
  assert.deepEqual(readStamp(draw(kStamp, 1)), kStamp);
});

test('noise of a lossy codec does no harm', () => {
  assert.deepEqual(readStamp(draw(kStamp, 1, 100)), kStamp);
});

test('scaled pictures are read without telling the scale', () => {
  const reader = new StampReader();
  for (const scale of [1, 3 / 4, 2 / 3, 1 / 2, 3 / 8, 1 / 3, 1 / 4, 1]) {
    assert.deepEqual(reader.read(draw(kStamp, scale)), kStamp, `scale ${scale}`);
  }
});

test('one wrong bit makes it unreadable', () => {
  const picture = draw(kStamp, 1);
  for (let y = 0; y < 16; y++) {
    for (let x = 16 * 20; x < 16 * 21; x++) picture.samples[y * picture.width + x]! ^= 0xff;
  }
  assert.equal(readStamp(picture), undefined);
});

test('pictures without a stamp have none, however small', () => {
  const reader = new StampReader();
  for (const [width, height] of [
    [0, 0],
    [1, 1],
    [511, 31],
    [640, 480],
  ] as const) {
    for (const shade of [0, 127, 255]) {
      const samples = new Uint8Array(width * height).fill(shade);
      assert.equal(reader.read({ width, height, samples }), undefined);
    }
  }
});

test('colours become brightness', () => {
  const data = new Uint8ClampedArray([255, 255, 255, 255, 0, 0, 0, 255, 0, 255, 0, 255]);
  assert.deepEqual([...lumaOf({ width: 3, height: 1, data }).samples], [255, 0, 149]);
});

test('the age wraps around with the stamp’s 32 bits', () => {
  assert.equal(ageUs({ frame: 0, timeUs: 1000 }, 5000), 4000);
  assert.equal(ageUs({ frame: 0, timeUs: 2 ** 32 - 1000 }, 500), 1500);
  assert.equal(ageUs({ frame: 0, timeUs: 2 ** 32 - 1000 }, 7 * 2 ** 32 + 500), 1500);
  assert.equal(ageUs({ frame: 0, timeUs: 500 }, 7 * 2 ** 32 - 1000), -1500);
});
