// Runs in the page: reads frame numbers from what a <video> shows (docs/stamp.md).

/**
 * The numbers in the next `count` pictures that a video presents; null for one whose stamp can't be
 * read.
 */
export function presentedNumbers({ selector, count }) {
  const video = document.querySelector(selector);
  const canvas = new OffscreenCanvas(512, 32);
  const context = canvas.getContext('2d', { willReadFrequently: true });

  const bitAt = (pixels, k) => {
    let sum = 0;
    for (let y = 4; y < 12; y++) {
      for (let x = 4; x < 12; x++) {
        const at = 4 * ((16 * (k >> 5) + y) * 512 + 16 * (k & 31) + x);
        sum += pixels[at + 1];
      }
    }
    return sum >= 128 * 64 ? 1 : 0;
  };
  const crc8 = (bytes) => {
    let crc = 0;
    for (const byte of bytes) {
      crc ^= byte;
      for (let i = 0; i < 8; i++) crc = (crc & 0x80 ? (crc << 1) ^ 7 : crc << 1) & 0xff;
    }
    return crc;
  };
  const number = () => {
    context.drawImage(video, 0, 0, 512, 32, 0, 0, 512, 32);
    const pixels = context.getImageData(0, 0, 512, 32).data;
    const bytes = new Uint8Array(8);
    for (let k = 0; k < 64; k++) bytes[k >> 3] |= bitAt(pixels, k) << (7 - (k & 7));
    if (bytes[0] !== 0xa5 || crc8(bytes.subarray(0, 7)) !== bytes[7]) return null;
    return (bytes[1] << 8) | bytes[2];
  };
  return new Promise((resolve) => {
    const numbers = [];
    const onFrame = () => {
      numbers.push(number());
      if (numbers.length < count) video.requestVideoFrameCallback(onFrame);
      else resolve(numbers);
    };
    video.requestVideoFrameCallback(onFrame);
  });
}
