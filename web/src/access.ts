// What the server lets this page do, as /api/access tells.
import { asFields, asNumber, asString } from './json.ts';
import { t } from './text/text.ts';

export interface Access {
  /** `publish`, `view`, `drive`, `admin`. */
  rights: ReadonlySet<string>;
  /** Whose the token is, if it says so. */
  name?: string;
  /** When it ends, in ms since 1970. */
  until?: number;
}

/** Why the server doesn't let this page in, or not any longer. */
export interface Refusal {
  /** One word for programs (docs/protocol.md). */
  code: string;
  message: string;
}

/** `busy`: it was asked too often. `away`: there was no answer, or it is no server's. */
export type Answer =
  | { kind: 'granted'; access: Access }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'busy'; message: string; waitMs: number }
  | { kind: 'away' };

/** An open server's, and one's that is older than all this. */
export const kAll: Access = { rights: new Set(['publish', 'view', 'drive']) };

/** As long as a server that says no more wants to be left alone. */
const kWaitMs = 60_000;
/** Nobody wants to be left alone for longer than that by somebody who sits before it. */
const kLongestWaitMs = 300_000;

/** Refusals that no waiting changes, whenever they come. */
const kFinal = ['expired', 'removed', 'no-right', 'wrong-channel', 'unknown-right'];

export function isFinal(code: string): boolean {
  return kFinal.includes(code);
}

/** The refusal in an answer's body; undefined when the status is no refusal of who asks. */
export function readRefusal(status: number, body: unknown): Refusal | undefined {
  if (status !== 401 && status !== 403) return undefined;
  const fields = asFields(body);
  return {
    code: asString(fields?.['code']) ?? (status === 401 ? 'no-token' : 'refused'),
    message: asString(fields?.['error']) ?? t('answeredStatus', { status }),
  };
}

/** The same answer for who wants to watch: rights that don't let one do that are a refusal, too. */
export function forViewer(answer: Answer): Answer {
  if (answer.kind !== 'granted' || answer.access.rights.has('view')) return answer;
  const message = t('mayNotWatch');
  return { kind: 'refused', refusal: { code: 'no-right', message } };
}

/** Reads the answer to GET /api/access; `retryAfter` is the header of that name. */
export function readAnswer(status: number, body: unknown, retryAfter: string | null): Answer {
  const refusal = readRefusal(status, body);
  if (refusal) return { kind: 'refused', refusal };
  if (status === 429) {
    const message = asString(asFields(body)?.['error']) ?? t('askedTooOften');
    return { kind: 'busy', message, waitMs: waitMs(retryAfter) };
  }
  if (status === 404) return { kind: 'granted', access: kAll };
  const access = status === 200 ? readAccess(body) : undefined;
  return access ? { kind: 'granted', access } : { kind: 'away' };
}

function readAccess(body: unknown): Access | undefined {
  const fields = asFields(body);
  const rights: unknown = fields?.['rights'];
  if (!fields || !Array.isArray(rights)) return undefined;
  const name = asString(fields['name']);
  const until = asNumber(fields['until']);
  return {
    rights: new Set(rights.flatMap((right: unknown) => asString(right) ?? [])),
    ...(name && { name }),
    ...(until !== undefined && { until: until * 1000 }),
  };
}

function waitMs(retryAfter: string | null): number {
  const seconds = /^\d{1,9}$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined;
  return seconds === undefined ? kWaitMs : Math.min(seconds * 1000, kLongestWaitMs);
}
