import { token } from '../credentials.ts';
import { asFields, asString } from '../json.ts';
import { publishCommand } from '../publish_command.ts';
import { h, setText } from './dom.ts';

/** The command that starts a test picture on `channel`, for those who have no publisher yet. */
export function publishHint(channel: string): HTMLElement {
  const needs = { token: token() !== undefined };
  const code = h('code', {}, publishCommand(location, channel, needs));
  void fetchFingerprint().then((fingerprint) => {
    setText(code, publishCommand(location, channel, { ...needs, fingerprint }));
  });
  return h('pre', { class: 'command', tabindex: '0' }, code);
}

/** What a client must know the server by; undefined when systems trust its certificate. */
async function fetchFingerprint(): Promise<string | undefined> {
  try {
    const response = await fetch('/api/identity', { cache: 'no-store' });
    return response.ok ? asString(asFields(await response.json())?.['fingerprint']) : undefined;
  } catch {
    return undefined;
  }
}
