// The frame stamp (docs/stamp.md): a frame's number and capture time in its own pixels, 2 rows of 32
// cells of 16x16 px at the top left.

export const kStampWidth = 512;
export const kStampHeight = 32;
const kColumns = 32;
const kCell = 16;
const kBytes = 8;
const kSync = 0xa5;
/** 126 of the stamp's studio range (16 to 235) in a browser's full range (0 to 255). */
const kThreshold = 128;
/** What an encoder under pressure scales by; the nominal size is not known here. */
const kScales = [1, 3 / 4, 2 / 3, 1 / 2, 3 / 8, 1 / 3, 1 / 4] as const;

/** Brightness, 0 to 255, row by row. */
export interface Luma {
  width: number;
  height: number;
  samples: Uint8Array;
}

export interface Stamp {
  /** Running counter modulo 2^16. */
  frame: number;
  /** When the frame was captured: the publisher's clock in microseconds modulo 2^32. */
  timeUs: number;
}

/** CRC-8, polynomial 0x07, over all but the last byte. */
export function crc8(bytes: ArrayLike<number>, length: number): number {
  let crc = 0;
  for (let i = 0; i < length; i++) {
    crc ^= bytes[i] ?? 0;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 7) & 0xff : crc << 1;
  }
  return crc;
}

export function lumaOf(image: { width: number; height: number; data: Uint8ClampedArray }): Luma {
  const samples = new Uint8Array(image.width * image.height);
  for (let i = 0, p = 0; i < samples.length; i++, p += 4) {
    const [r = 0, g = 0, b = 0] = [image.data[p], image.data[p + 1], image.data[p + 2]];
    samples[i] = (r * 77 + g * 150 + b * 29) >> 8;
  }
  return { width: image.width, height: image.height, samples };
}

/** Reads the stamp of a picture that was scaled by `scale`; undefined when there is none. */
export function readStamp(luma: Luma, scale = 1): Stamp | undefined {
  if (kStampWidth * scale > luma.width || kStampHeight * scale > luma.height) return undefined;
  const bytes = new Uint8Array(kBytes);
  for (let bit = 0; bit < kBytes * 8; bit++) {
    if (cellMean(luma, bit % kColumns, Math.floor(bit / kColumns), kCell * scale) >= kThreshold) {
      bytes[bit >> 3]! |= 0x80 >> (bit & 7);
    }
  }
  if (bytes[0] !== kSync || crc8(bytes, kBytes - 1) !== bytes[kBytes - 1]) return undefined;
  const view = new DataView(bytes.buffer);
  return { frame: view.getUint16(1), timeUs: view.getUint32(3) };
}

/** Reads stamps of pictures whose scale is not known and may change. */
export class StampReader {
  private scale: number = kScales[0];

  read(luma: Luma): Stamp | undefined {
    for (const scale of [this.scale, ...kScales]) {
      const stamp = readStamp(luma, scale);
      if (stamp) {
        this.scale = scale;
        return stamp;
      }
    }
    return undefined;
  }
}

/** How long ago `stamp` was made, in microseconds, when the stamping clock reads `clockUs`. */
export function ageUs(stamp: Stamp, clockUs: number): number {
  const difference = (clockUs - stamp.timeUs) % 2 ** 32;
  // Signed, since an error of the clocks' comparison can make a fresh frame look unborn.
  if (difference >= 2 ** 31) return difference - 2 ** 32;
  return difference < -(2 ** 31) ? difference + 2 ** 32 : difference;
}

/** The mean of a cell's central half: coding smears the edges. */
function cellMean(luma: Luma, column: number, row: number, cell: number): number {
  const [left, right] = centralHalf(column, cell);
  const [top, bottom] = centralHalf(row, cell);
  let sum = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) sum += luma.samples[y * luma.width + x] ?? 0;
  }
  return sum / ((right - left) * (bottom - top));
}

function centralHalf(index: number, cell: number): [number, number] {
  const from = Math.round((index + 0.25) * cell);
  return [from, Math.max(from + 1, Math.round((index + 0.75) * cell))];
}
