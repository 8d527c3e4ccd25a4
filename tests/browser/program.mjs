// The program under test as child processes, whose output is waited for.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const kProgram = process.env.RTCPUB_PROGRAM ?? '../../build/release/rtcpub';
/** How long anything may take before a test gives up on it: far more than it should. */
export const kDeadlineMs = 60_000;

export class Program {
  #lines = [];
  #watchers = new Set();
  #errors = '';

  constructor(args, program = kProgram) {
    this.args = args;
    this.process = spawn(program, args, { stdio: 'pipe' });
    this.process.stdin.on('error', () => undefined); // it has ended: a test that cares will notice
    this.process.stderr.on('data', (data) => (this.#errors += data));
    createInterface({ input: this.process.stdout }).on('line', (line) => {
      this.#lines.push(line);
      for (const watcher of [...this.#watchers]) watcher(line);
    });
  }

  /** What `find` makes of the first line, come or coming, for which it is truthy. */
  waitFor(find, { fromNow = false, deadlineMs = kDeadlineMs } = {}) {
    return new Promise((resolve, reject) => {
      const tell = () =>
        `${this.args.join(' ')}\n${this.#lines.slice(-5).join('\n')}\n${this.#errors}`;
      const watcher = (line) => {
        const found = find(line);
        if (found) finish(resolve, found);
      };
      const onExit = () => finish(reject, new Error(`ended too soon: ${tell()}`));
      const timer = setTimeout(
        () => finish(reject, new Error(`did not come: ${tell()}`)),
        deadlineMs,
      );
      const finish = (settle, value) => {
        clearTimeout(timer);
        this.#watchers.delete(watcher);
        this.process.off('exit', onExit);
        settle(value);
      };
      this.#watchers.add(watcher);
      this.process.once('exit', onExit);
      if (!fromNow) this.#lines.forEach((line) => this.#watchers.has(watcher) && watcher(line));
    });
  }

  /** All that it has said on standard output. */
  get lines() {
    return [...this.#lines];
  }

  /** All that it has said on standard error. */
  get errors() {
    return this.#errors;
  }

  waitForLine(line) {
    return this.waitFor((said) => said === line);
  }

  /** The first line of --stats from now on that is as wanted. */
  waitForStats(wanted) {
    const find = (line) => {
      const stats = line.startsWith('{') ? JSON.parse(line) : undefined;
      return stats && wanted(stats) ? stats : undefined;
    };
    return this.waitFor(find, { fromNow: true });
  }

  write(line) {
    this.process.stdin.write(`${line}\n`);
  }

  async end(signal) {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exit = once(this.process, 'exit');
    this.process.kill(signal);
    await exit;
  }
}

/** Programs and a folder that are gone when `close` has been called. */
export class Stage {
  #programs = [];
  #folder = mkdtempSync(join(tmpdir(), 'rtcpub-browser-'));
  /** All that were made. */
  tokens = [];

  start(...args) {
    const program = new Program(args.map(String));
    this.#programs.push(program);
    return program;
  }

  /** A robot of tests/e2e; its arguments are told there. */
  startRobot(...args) {
    const file = new URL('../e2e/late_peer.py', import.meta.url).pathname;
    const program = new Program(['-B', file, ...args.map(String)], '/usr/bin/python3');
    this.#programs.push(program);
    return program;
  }

  /** A token by the key of the server that serve() has started. */
  async token({ channel, rights, lifetime = '1h', name = 'Kim' }) {
    const how = ['--channel', channel, '--rights', rights, '--for', lifetime, '--name', name];
    const program = this.start('token', '--data-dir', this.#folder, ...how);
    const made = await program.waitFor((line) => /\beyJ[\w-]+\.[\w-]+\.[\w-]+/.exec(line));
    this.tokens.push(made[0]);
    return made[0];
  }

  /** The name of a file with one in it. */
  async tokenFile(options) {
    const name = join(this.#folder, `token-${this.tokens.length}`);
    writeFileSync(name, await this.token(options), { mode: 0o600 });
    return name;
  }

  /** `port` 0 takes a free one; `more` are further options. */
  async serve({ address = '127.0.0.1', port = 0, mediaPort = 0, more = [] } = {}) {
    const program = this.start(
      ...[
        'serve',
        '--listen',
        `${address}:${port}`,
        '--media-port',
        mediaPort,
        '--data-dir',
        this.#folder,
        ...more,
      ],
    );
    const ports = await program.waitFor((line) => /TCP port (\d+).* UDP port (\d+)/.exec(line));
    return {
      program,
      port: Number(ports[1]),
      mediaPort: Number(ports[2]),
      http: `http://127.0.0.1:${ports[1]}`,
      ws: `ws://127.0.0.1:${ports[1]}`,
    };
  }

  async close() {
    for (const program of this.#programs.reverse()) await program.end('SIGKILL');
    rmSync(this.#folder, { recursive: true });
  }
}
