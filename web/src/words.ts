// Figures and states in words.
import type { Access, Refusal } from './access.ts';
import type { Mismatch } from './spider.ts';
import type { State } from './state.ts';

/** Shown for what isn't known. */
export const kUnknown = '–';

function orUnknown(value: number | undefined, format: (value: number) => string): string {
  return value === undefined || !Number.isFinite(value) ? kUnknown : format(value);
}

export function milliseconds(ms: number | undefined): string {
  return orUnknown(ms, (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`);
}

/** Browsers tell whole milliseconds. */
export function roundTrip(ms: number | undefined): string {
  return orUnknown(ms, (value) => (value < 1 ? '< 1 ms' : `${Math.round(value)} ms`));
}

export function framesPerSecond(fps: number | undefined): string {
  return orUnknown(fps, (value) => value.toFixed(1));
}

export function bitrate(kbps: number | undefined): string {
  return orUnknown(kbps, (value) =>
    value < 1000 ? `${Math.round(value)} kbit/s` : `${(value / 1000).toFixed(2)} Mbit/s`,
  );
}

export function percent(share: number | undefined): string {
  return orUnknown(share, (value) => `${(value * 100).toFixed(1)} %`);
}

export function viewers(count: number): string {
  return count === 1 ? '1 viewer' : `${count} viewers`;
}

/** A number of telemetry, as short as it can be without losing what matters. */
export function reading(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e9) return String(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) return value.toExponential(2);
  return String(Number(value.toPrecision(6)));
}

/** Local time with milliseconds: 15:04:05.678. */
export function timeOfDay(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
  return `${clock}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

/** A binary message, by its size and first bytes. */
export function bytes(data: ArrayBuffer): string {
  const shown = [...new Uint8Array(data, 0, Math.min(16, data.byteLength))];
  const hex = shown.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `${data.byteLength} bytes: ${hex}${data.byteLength > 16 ? ' …' : ''}`;
}

function listOf(names: string[]): string {
  const last = names[names.length - 1] ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** A codec that the page could show, as the publisher's option names it. */
function codecToType({ sent, taken }: Mismatch): string | undefined {
  const others = ['VP8', 'H264', 'VP9'].filter((codec) => !sent.startsWith(codec));
  return others.find((codec) => taken.some((name) => name.startsWith(codec)))?.toLowerCase();
}

/** Why no picture can come, and what helps. */
export function mismatch(lack: Mismatch, firefox: boolean): { title: string; detail: string } {
  const title = `No picture: this browser can’t show ${lack.sent}`;
  const codec = codecToType(lack);
  const help = codec && ` Start the publisher with --codec ${codec}.`;
  const taken = lack.taken.length > 0 ? `It shows ${listOf(lack.taken)}.` : '';
  const plugIn =
    firefox && lack.sent.startsWith('H264')
      ? ' Firefox fetches its H264 plug-in some minutes after its first start; then load this page again.'
      : '';
  return { title, detail: `${taken}${help ?? ''}${plugIn}`.trim() };
}

/** How old a picture is. */
export function age(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${Math.floor(seconds % 60)} s` : `${(minutes / 60) | 0} h`;
}

export function state(state: State): string {
  switch (state) {
    case 'connecting':
      return 'Connecting';
    case 'waiting':
      return 'Waiting';
    case 'connected':
      return 'Connected';
    case 'frozen':
      return 'Picture frozen';
    case 'away':
      return 'Publisher away';
    case 'rejoining':
      return 'Rejoining';
    case 'reconnecting':
      return 'Reconnecting';
    case 'refused':
      return 'No access';
  }
}

/** Why nothing can be sent now. */
export function whyNotSend(state: State): string {
  switch (state) {
    case 'waiting':
      return 'Off while nobody publishes.';
    case 'frozen':
    case 'away':
      return 'Off while nothing new arrives.';
    case 'connecting':
    case 'connected':
    case 'rejoining':
    case 'reconnecting':
    case 'refused':
      return 'Off while there is no connection.';
  }
}

/** Why somebody who may watch only can send nothing. */
export const kWatchOnly = 'Off: your link lets you watch only.';

const kAskAgain = 'Ask for a new link, and open it or paste it here.';

/** Why the server doesn't let this page in, and what helps. */
export function refusal({ code, message }: Refusal): { title: string; detail: string } {
  switch (code) {
    case 'no-token':
      return {
        title: 'A token is needed here',
        detail: 'Open the link that you were sent, or paste it here.',
      };
    case 'expired':
      return { title: 'Your access has ended', detail: kAskAgain };
    case 'removed':
      return { title: 'You were removed from this channel', detail: kAskAgain };
    case 'wrong-channel':
      return { title: 'Your link is for another channel', detail: kAskAgain };
    case 'no-right':
      return { title: 'Your link doesn’t let you watch this', detail: kAskAgain };
    default:
      return { title: 'The server refused your link', detail: `${message}. ${kAskAgain}` };
  }
}

/** Who one is, and what a link lets one do less than everything; '' where everybody may. */
export function access({ name, rights, until }: Access, now: Date): string {
  const end = until === undefined ? '' : `until ${momentOf(new Date(until), now)}`;
  return [name, rights.has('drive') ? '' : 'watch only', end].filter(Boolean).join(' · ');
}

function momentOf(time: Date, now: Date): string {
  const clock = timeOfDay(time).slice(0, 5);
  if (time.toDateString() === now.toDateString()) return clock;
  const two = (value: number) => String(value).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${clock}`;
}

/** Why a connection brings no picture, as far as its figures tell. */
export function noPicture(packets: number): { title: string; detail: string } {
  const detail =
    packets === 0
      ? 'The publisher sends no video. Start it with --video.'
      : 'Video arrives, but no whole frame yet: waiting for a key frame.';
  return { title: 'Connected, but no picture yet', detail };
}
