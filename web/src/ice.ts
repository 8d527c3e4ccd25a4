// The server's own STUN and TURN, for paths that need them.
import { get } from './api.ts';
import { asFields, asString } from './json.ts';

/** More than any server has. */
const kMost = 16;
/** Connecting doesn't wait longer for them: most paths don't need any. */
const kWithinMs = 1000;

/** Reads the answer to GET /api/ice; what is no ICE server is left out. */
export function parseIceServers(value: unknown): RTCIceServer[] {
  const list = asFields(value)?.['iceServers'];
  if (!Array.isArray(list)) return [];
  return list.slice(0, kMost).flatMap((entry): RTCIceServer[] => {
    const fields = asFields(entry);
    const urls = asUrls(fields?.['urls']);
    if (urls.length === 0) return [];
    const username = asString(fields?.['username']);
    const credential = asString(fields?.['credential']);
    const hasBoth = username !== undefined && credential !== undefined;
    // One that lacks its credentials would make the browser refuse them all.
    if (!hasBoth) return urls.some(isTurn) ? [] : [{ urls }];
    return [{ urls, username, credential }];
  });
}

/** None when the server has none, is an older one, or takes too long. Never throws. */
export async function fetchIceServers(): Promise<RTCIceServer[]> {
  try {
    const response = await get('/api/ice', kWithinMs);
    return response.ok ? parseIceServers(await response.json()) : [];
  } catch {
    return [];
  }
}

function asUrls(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list
    .map(asString)
    .filter((url): url is string => url !== undefined && /^(stun|turn)s?:/.test(url));
}

function isTurn(url: string): boolean {
  return url.startsWith('turn');
}
