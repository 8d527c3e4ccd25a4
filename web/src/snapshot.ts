import { dateOf, timeOfDay } from './words.ts';

/** The name of a picture that was saved at `time`: car-1_2026-11-30_15-04-05.678.png, by the local clock. */
export function snapshotName(channel: string, time: Date): string {
  return `${channel}_${dateOf(time)}_${timeOfDay(time).replaceAll(':', '-')}.png`;
}

/** Saves the picture on the screen as it came, in its own size. False: there is none. */
export async function saveSnapshot(video: HTMLVideoElement, channel: string): Promise<boolean> {
  const name = snapshotName(channel, new Date());
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!png) return false;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(png);
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return true;
}
