// Questions to the server, with the tab's token.
import { type Answer, forViewer, readAnswer, type Refusal } from './access.ts';
import { authorization } from './credentials.ts';

const kWithinMs = 5000;

/** The server doesn't let this page have what it asks for. */
export class RefusedError extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

/** The server was asked too often by this address. */
export class BusyError extends Error {
  constructor(
    message: string,
    readonly waitMs: number,
  ) {
    super(message);
  }
}

/** Throws when it can't be reached in time. */
export async function get(path: string, withinMs = kWithinMs): Promise<Response> {
  const abort = new AbortController();
  const timer = window.setTimeout(() => abort.abort(), withinMs);
  try {
    const { signal } = abort;
    return await fetch(path, { cache: 'no-store', headers: authorization(), signal });
  } finally {
    window.clearTimeout(timer);
  }
}

/** The answer's value. Throws when the server can't be reached or doesn't answer as it should; RefusedError and BusyError when it says so. */
export async function getJson(path: string): Promise<unknown> {
  const response = await get(path);
  if (response.ok) return response.json();
  const answer = await read(response);
  if (answer.kind === 'refused') throw new RefusedError(answer.refusal);
  if (answer.kind === 'busy') throw new BusyError(answer.message, answer.waitMs);
  throw new Error(`HTTP status ${response.status}`);
}

/**
 * Whether a viewer's WebSocket for `channel` would be let in, and what one may do by it: asked before, since
 * a page learns nothing of why a WebSocket was refused. Never throws.
 */
export async function askAccess(channel: string): Promise<Answer> {
  try {
    return forViewer(await read(await get(`/api/access?channel=${encodeURIComponent(channel)}`)));
  } catch {
    return { kind: 'away' };
  }
}

async function read(response: Response): Promise<Answer> {
  const body: unknown = await response.json().catch(() => undefined);
  return readAnswer(response.status, body, response.headers.get('Retry-After'));
}
