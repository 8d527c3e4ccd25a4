// What lies between a page and its server, as far as TCP goes; media goes by UDP and past it.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

export class Proxy {
  #sockets = new Set();
  #server;

  constructor(target) {
    this.target = target;
  }

  get http() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Lets through what comes to `port`, the same as before if it was open already. */
  async open() {
    this.#server = createServer((near) => {
      const far = connect(this.target, '127.0.0.1');
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          this.#sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
      }
      near.pipe(far);
      far.pipe(near);
    });
    this.#server.listen(this.port ?? 0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = this.#server.address().port;
  }

  /** Cuts all connections; new ones are refused. */
  async close() {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await closed;
  }
}
