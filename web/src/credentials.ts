// This tab's token. It is nowhere but here: not in the address, a log, or what is sent but as below.
import { tokenIn, withoutToken } from './token.ts';

const kKey = 'rtcpub.token';
/** What the server selects of the subprotocols that are offered. */
const kProtocol = 'rtcpub';

/** For pages that may keep nothing. */
let inMemory: string | undefined;

/** The tab's token; undefined when it has none. */
export function token(): string | undefined {
  try {
    return sessionStorage.getItem(kKey) ?? inMemory;
  } catch {
    return inMemory;
  }
}

/** From now on, and for as long as the tab is there, also when another page of this server is opened in it. */
export function keepToken(text: string): void {
  inMemory = text;
  try {
    sessionStorage.setItem(kKey, text);
  } catch {
    // The browser keeps nothing for this page: then it has it until it is left.
  }
}

/** Takes the token of the link by which the page was opened out of its address. False: there was none. */
export function takeTokenFromAddress(): boolean {
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
