import { h } from './dom.ts';

/** The command that starts a test picture on `channel`, for who has no publisher yet. */
export function publishHint(channel: string): HTMLElement {
  const onThisMachine = ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname);
  const command = [
    `rtcpub publish${onThisMachine ? ' --insecure' : ''}`,
    `--server wss://${location.host}`,
    `--channel ${channel}`,
    "--video 'test:?stamp'",
    '--data metric --data stream',
  ].join(' \\\n  ');
  return h('pre', { class: 'command', tabindex: '0' }, h('code', {}, command));
}
