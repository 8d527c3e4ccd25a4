// The Spider signalling protocol (docs/protocol.md): WebSocket texts as values.
import { asFields, asNumber, asString, parseJson } from './json.ts';
import { t } from './text/text.ts';

export type Message =
  | { type: 'offer' | 'answer'; sdp: string }
  | { type: 'candidate'; candidate: RTCIceCandidateInit }
  | { type: 'joins'; publishers: number; subscribers: number; open: string[] }
  | { type: 'notice'; code: string; message: string }
  | { type: 'error'; code: string; message: string }
  | { type: 'codecs'; mismatch: Mismatch | undefined }
  | { type: 'ping' }
  | { type: 'close' };

/** This viewer can't take the codec of the video; the names are for people. */
export interface Mismatch {
  sent: string;
  taken: string[];
}

/** Ends a session, from either side. */
export const kFarewell = 'close';

/** Where a viewer of `channel` connects to, on the server that the page came from. */
export function subscriberUrl(location: { protocol: string; host: string }, channel: string) {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return `${scheme}://${location.host}/live/ws/sub?channel=${encodeURIComponent(channel)}`;
}

/** Reads one text of the server's; undefined for what is not understood. */
export function parse(text: string): Message | undefined {
  if (text.trim() === kFarewell) return { type: 'close' };
  const fields = asFields(parseJson(text));
  const data = asString(fields?.['data']) ?? '';
  switch (fields?.['type']) {
    case 'offer':
    case 'answer':
      return data ? { type: fields['type'], sdp: data } : undefined;
    case 'candidate':
      return parseOldCandidate(data);
    case 'candidate2':
      return parseCandidate(data);
    case 'joins':
      return parseJoins(data);
    case 'error':
      return { type: 'error', ...parseReason(data) };
    case 'notice':
      return { type: 'notice', ...parseReason(data) };
    case 'codecs':
      return parseCodecs(data);
    case 'ping':
      return { type: 'ping' };
    default:
      return undefined;
  }
}

export function formatOffer(sdp: string): string {
  return JSON.stringify({ type: 'offer', data: sdp });
}

export function formatAnswer(sdp: string): string {
  return JSON.stringify({ type: 'answer', data: sdp });
}

export function formatCandidate(candidate: RTCIceCandidateInit): string {
  return JSON.stringify({ type: 'candidate2', data: JSON.stringify(candidate) });
}

export function formatPing(): string {
  return JSON.stringify({ type: 'ping' });
}

/** The old style is the bare line and belongs to the first section. */
function parseOldCandidate(line: string): Message | undefined {
  const candidate = line.replace(/^a=/, '').trim();
  if (!candidate.startsWith('candidate:')) return undefined;
  return { type: 'candidate', candidate: { candidate, sdpMLineIndex: 0 } };
}

function parseCandidate(data: string): Message | undefined {
  const fields = asFields(parseJson(data));
  const candidate = asString(fields?.['candidate']);
  if (!fields || candidate === undefined) return undefined;
  const sdpMid = asString(fields['sdpMid']) ?? null;
  const sdpMLineIndex = asNumber(fields['sdpMLineIndex']) ?? (sdpMid === null ? 0 : null);
  const usernameFragment = asString(fields['usernameFragment']) ?? null;
  return { type: 'candidate', candidate: { candidate, sdpMid, sdpMLineIndex, usernameFragment } };
}

function parseJoins(data: string): Message | undefined {
  const fields = asFields(parseJson(data));
  const publishers = asNumber(fields?.['publishers']);
  if (publishers === undefined) return undefined;
  const subscribers = asNumber(fields?.['subscribers']) ?? 0;
  return { type: 'joins', publishers, subscribers, open: texts(fields?.['open']) };
}

function parseCodecs(data: string): Message | undefined {
  const fields = asFields(parseJson(data));
  const sent = asString(fields?.['sent']);
  const lacking = asNumber(fields?.['lacking']);
  const taken: unknown = fields?.['taken'];
  if (sent === undefined || lacking === undefined || !Array.isArray(taken)) return undefined;
  return { type: 'codecs', mismatch: lacking > 0 ? { sent, taken: texts(taken) } : undefined };
}

/** The texts of a list; of anything else none. */
function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.flatMap((each: unknown) => asString(each) ?? []) : [];
}

function parseReason(data: string): { code: string; message: string } {
  const fields = asFields(parseJson(data));
  return {
    code: asString(fields?.['code']) ?? 'unknown',
    message: asString(fields?.['message']) ?? (data || t('noReasonGiven')),
  };
}
