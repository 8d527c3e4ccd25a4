// This tab's token. It is nowhere but here: not in the address, a log, or what is sent but as below.
import { tokenIn, withoutToken } from './token.ts';

const kKey = 'rtcpub.token';
/** What the server selects of the subprotocols that are offered. */
const kProtocol = 'rtcpub';

/** For pages that may keep nothing. */
let inMemory: string | undefined;

/** Whether the page was opened from a phone's Home Screen, or as a program of a desktop's. */
let installed = false;

/**
 * A tab keeps it for as long as it is there. To an installed page each opening is a new tab, so that it keeps it for good: its
 * owner would have to paste it each time.
 */
function place(): Storage {
  return installed ? localStorage : sessionStorage;
}

/** The tab's token; undefined when it has none. */
export function token(): string | undefined {
  try {
    return place().getItem(kKey) ?? inMemory;
  } catch {
    return inMemory;
  }
}

/** From now on, and for as long as the tab is there, also when another page of this server is opened in it. */
export function keepToken(text: string): void {
  inMemory = text;
  try {
    place().setItem(kKey, text);
  } catch {
    // The browser keeps nothing for this page: then it has it until it is left.
  }
}

/** The fragment by which this page, loaded again, has its token: '' where the browser keeps it. */
export function fragmentToKeep(): string {
  try {
    return place().getItem(kKey) !== null || inMemory === undefined ? '' : `#token=${inMemory}`;
  } catch {
    return inMemory === undefined ? '' : `#token=${inMemory}`;
  }
}

/** Takes the token of the link by which the page was opened out of its address, first of all. False: there was none. */
export function takeTokenFromAddress(): boolean {
  // Not later, since a page in full screen is neither.
  installed ||= globalThis.matchMedia?.('(display-mode: standalone)').matches ?? false;
  const { hash, pathname, search } = location;
  const rest = withoutToken(hash);
  const found = tokenIn(hash);
  if (rest !== hash) history.replaceState(history.state, '', pathname + search + rest);
  if (found !== undefined) keepToken(found);
  return found !== undefined;
}

/** What a request brings, so that the server knows who asks. */
export function authorization(): Record<string, string> {
  const kept = token();
  return kept === undefined ? {} : { Authorization: `Bearer ${kept}` };
}

/** The same for a WebSocket, which can't bring headers. */
export function subprotocols(): string[] {
  const kept = token();
  return kept === undefined ? [] : [kProtocol, `${kProtocol}.token.${kept}`];
}
