// What lets a person in (a JWT, RFC 7519), as text: in a link, and as a person pastes it.

/** base64url and dots: what may stand in a header and in a subprotocol's name. */
const kToken = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;

/** More than any server takes. */
const kLongest = 8192;

export function isToken(text: string): boolean {
  return text.length <= kLongest && kToken.test(text);
}

/** The token in an address's fragment, `#token=…`, which no browser sends to a server. */
export function tokenIn(fragment: string): string | undefined {
  const token = new URLSearchParams(fragment.replace(/^#/, '')).get('token')?.trim();
  return token !== undefined && isToken(token) ? token : undefined;
}

/** The fragment without it; '' when nothing else is in it. */
export function withoutToken(fragment: string): string {
  const parts = fragment.replace(/^#/, '').split('&');
  const rest = parts.filter((part) => !part.startsWith('token='));
  if (rest.length === parts.length) return fragment;
  return rest.length > 0 ? `#${rest.join('&')}` : '';
}

export interface Pasted {
  token: string;
  /** The link's, if it was one that names a channel. */
  channel?: string;
}

/** Reads what a person pastes: a token, or the whole link with one in it. */
export function readPasted(text: string): Pasted | undefined {
  const trimmed = text.trim();
  const at = trimmed.indexOf('#');
  if (at < 0) return isJwt(trimmed) ? { token: trimmed } : undefined;
  const token = tokenIn(trimmed.slice(at));
  if (token === undefined) return undefined;
  const query = /\?(.*)$/.exec(trimmed.slice(0, at))?.[1] ?? '';
  const channel = new URLSearchParams(query).get('channel');
  return channel === null ? { token } : { token, channel };
}

/** Three parts (RFC 7519 section 3): fewer are a word that was typed, or a token that was cut. */
function isJwt(text: string): boolean {
  return isToken(text) && text.split('.').length === 3;
}
