/** Where the page came from: what `location` tells. */
export interface Origin {
  protocol: string;
  hostname: string;
  /** '' for the protocol's own */
  port: string;
}

const kThisMachine = ['localhost', '127.0.0.1', '[::1]'];

/** What a robot has to bring besides. */
export interface Needs {
  /** By which it must know the server, if nobody else vouches for that. */
  fingerprint?: string | undefined;
  /** The server asks for a token. */
  token?: boolean;
}

/**
 * The command that starts a test picture on `channel`. On the server's own machine it needs no TLS;
 * elsewhere it names the server's certificate, if that is one that nobody else vouches for.
 */
export function publishCommand(
  origin: Origin,
  channel: string,
  { fingerprint, token = false }: Needs = {},
): string {
  const plain = origin.protocol === 'http:' && kThisMachine.includes(origin.hostname);
  const port = origin.port || (origin.protocol === 'http:' ? '80' : '443');
  const pinned = plain || fingerprint === undefined ? '' : ` --fingerprint ${fingerprint}`;
  return [
    `rtcpub publish --server ${plain ? 'ws' : 'wss'}://${origin.hostname}:${port}${pinned}`,
    `--channel ${channel}${token ? ' --token-file publish.token' : ''}`,
    "--video 'test:?stamp'",
    '--data metric --data stream',
  ].join(' \\\n  ');
}
