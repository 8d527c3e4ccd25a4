// Figures and states in words.
import type { Access, Refusal } from './access.ts';
import type { Mismatch } from './spider.ts';
import type { State } from './state.ts';
import { type Key, language, t } from './text/text.ts';

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
  return count === 1 ? t('oneViewer') : t('manyViewers', { count });
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
  const count = data.byteLength;
  const shown = [...new Uint8Array(data, 0, Math.min(16, count))];
  const first = shown.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const hex = count > 16 ? `${first} …` : first;
  return count === 1 ? t('oneByte', { hex }) : t('manyBytes', { count, hex });
}

function listOf(names: string[]): string {
  const last = names[names.length - 1] ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')}${t('and')}${last}`;
}

/** A codec that the page could show, as the publisher's option names it. */
function codecToType({ sent, taken }: Mismatch): string | undefined {
  const others = ['VP8', 'H264', 'VP9'].filter((codec) => !sent.startsWith(codec));
  return others.find((codec) => taken.some((name) => name.startsWith(codec)))?.toLowerCase();
}

/** Words for over the picture. */
export interface Notice {
  title: string;
  detail: string;
}

/** Why no picture can come, and what helps. */
export function mismatch(lack: Mismatch, firefox: boolean): Notice {
  const codec = codecToType(lack);
  const help = [
    lack.taken.length > 0 ? t('itShows', { codecs: listOf(lack.taken) }) : '',
    codec === undefined ? '' : t('startWithCodec', { codec }),
    firefox && lack.sent.startsWith('H264') ? t('firefoxPlugIn') : '',
  ];
  return { title: t('cannotShow', { codec: lack.sent }), detail: help.filter(Boolean).join(' ') };
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
  return t(state);
}

/** Why nothing can be sent now. */
export function whyNotSend(state: State): string {
  switch (state) {
    case 'waiting':
      return t('offNobodyPublishes');
    case 'frozen':
    case 'away':
      return t('offNothingNew');
    case 'connecting':
    case 'connected':
    case 'rejoining':
    case 'reconnecting':
    case 'refused':
      return t('offNoConnection');
  }
}

/** What the server may say of why it doesn't do something. */
const kSaid: Record<string, Key> = {
  'bad-token': 'saidUnreadable',
  'bad-claim': 'saidUnreadable',
  'wrong-algorithm': 'saidUnknown',
  'bad-signature': 'saidUnknown',
  'wrong-audience': 'saidOtherServer',
  'not-yet-valid': 'saidTooEarly',
  'too-many-refusals': 'askedTooOften',
  'too-many-offers': 'askedTooOften',
  'no-right': 'saidNoRight',
  'not-driver': 'saidNotDriver',
  'no-common-codec': 'saidNoCodec',
  'media-lost': 'mediaLost',
};

/** What the server says, which speaks English: by its code in other languages, where that is known. */
export function serverWords(code: string, message: string): string {
  const key = language() === 'en' ? undefined : kSaid[code];
  return key === undefined ? message : t(key);
}

/** What the server says of what was sent: in the page's own words where they help more. */
export function notice(code: string, message: string): string {
  const isOwn = code === 'no-right' || code === 'not-driver';
  return isOwn ? t(kSaid[code] ?? 'noReasonGiven') : serverWords(code, message);
}

/** Why the server doesn't let this page in, and what helps. */
export function refusal({ code, message }: Refusal): Notice {
  const ask = t('askForLink');
  switch (code) {
    case 'no-token':
      return { title: t('tokenNeeded'), detail: t('openLinkOrPaste') };
    case 'expired':
      return { title: t('accessEnded'), detail: ask };
    case 'removed':
      return { title: t('removed'), detail: ask };
    case 'wrong-channel':
      return { title: t('wrongChannel'), detail: ask };
    case 'no-right':
      return { title: t('mayNotWatch'), detail: ask };
    default: {
      const reason = serverWords(code, message).replace(/\.$/, '');
      return { title: t('linkRefused'), detail: t('becauseAsk', { reason, ask }) };
    }
  }
}

/** Who one is, and what a link lets one do less than everything; '' where everybody may. */
export function access({ name, rights, until }: Access, now: Date): string {
  const end = until === undefined ? '' : t('until', { time: momentOf(new Date(until), now) });
  return [name, rights.has('drive') ? '' : t('watchOnly'), end].filter(Boolean).join(' · ');
}

function momentOf(time: Date, now: Date): string {
  const clock = timeOfDay(time).slice(0, 5);
  if (time.toDateString() === now.toDateString()) return clock;
  return `${dateOf(time)} ${clock}`;
}

/** 2026-11-30, local. */
export function dateOf(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

/** Why a connection brings no picture, as far as its figures tell. */
export function noPicture(packets: number): Notice {
  const detail = packets === 0 ? t('sendsNoVideo') : t('noKeyFrame');
  return { title: t('noPictureYet'), detail };
}
