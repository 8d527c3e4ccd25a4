import { Redial } from './redial.ts';
import * as spider from './spider.ts';

const kPingEveryMs = 30_000;
/** The server pings every 30 s. */
const kSilentAfterMs = 75_000;
const kOpenWithinMs = 10_000;
/** A close without a close frame (RFC 6455 section 7.4.1): the network's doing, not the server's. */
const kAbnormal = 1006;

/** What the signalling tells. After `closed` nothing more comes. */
export interface SignallingEvents {
  /** A WebSocket is open; what is sent now goes out by it. */
  opened(): void;
  message(message: spider.Message): void;
  /** The WebSocket has broken off; unless it is closed now, another one is dialled. */
  lost(reason: string): void;
  /** The server ended it; `reason` is a sentence for people. */
  closed(reason: string): void;
}

/** The way to the server for words: a WebSocket, and the next one when it breaks off. */
export class Signalling {
  private socket: WebSocket | undefined;
  private timers: number[] = [];
  private readonly redial = new Redial(() => this.dial());
  private over = false;
  private lastHeard = 0;

  constructor(
    private readonly url: string,
    private readonly events: SignallingEvents,
  ) {
    this.dial();
  }

  get open(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  send(text: string): void {
    if (this.open) this.socket?.send(text);
  }

  /** Doesn't wait any longer for the next attempt, if it waits. */
  hurry(): void {
    if (this.over || this.socket) return;
    this.redial.forget();
    this.dial();
  }

  /** This WebSocket is of no use, whatever it says itself: dials the next one. */
  renew(): void {
    if (!this.over) this.dial();
  }

  /** Says that this viewer leaves, in words and by closing; nothing more comes. */
  leave(): void {
    this.send(spider.kFarewell);
    this.close();
  }

  /** Nothing more comes. */
  close(): void {
    this.over = true;
    this.forget();
  }

  private dial(): void {
    this.forget();
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.onopen = () => {
      this.redial.forget();
      this.lastHeard = performance.now();
      this.keepAlive();
      this.events.opened();
    };
    socket.onmessage = ({ data }) => {
      this.lastHeard = performance.now();
      const message = typeof data === 'string' ? spider.parse(data) : undefined;
      if (message) this.events.message(message);
    };
    let opened = false;
    socket.addEventListener('open', () => (opened = true));
    socket.onclose = ({ code }) => {
      if (opened && code !== kAbnormal) {
        this.close();
        this.events.closed('The server closed the connection.');
      } else {
        this.onLost(
          opened ? 'The connection to the server broke off.' : 'The server can’t be reached.',
        );
      }
    };
    const giveUp = () => {
      if (socket.readyState === WebSocket.CONNECTING) this.onLost('The server does not answer.');
    };
    this.timers.push(window.setTimeout(giveUp, kOpenWithinMs));
  }

  private onLost(reason: string): void {
    this.forget();
    this.redial.wait();
    this.events.lost(reason);
  }

  private keepAlive(): void {
    const ping = () => {
      if (performance.now() - this.lastHeard > kSilentAfterMs) {
        this.onLost('Nothing arrives from the server.');
      } else {
        this.send(spider.formatPing());
      }
    };
    this.timers.push(window.setInterval(ping, kPingEveryMs));
  }

  private forget(): void {
    for (const timer of this.timers) window.clearTimeout(timer); // intervals, too
    this.timers = [];
    this.redial.cancel();
    const { socket } = this;
    this.socket = undefined;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
