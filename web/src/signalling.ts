import type { Access, Answer, Refusal } from './access.ts';
import { askAccess } from './api.ts';
import { subprotocols } from './credentials.ts';
import { Redial } from './redial.ts';
import * as spider from './spider.ts';
import { t } from './text/text.ts';

const kPingEveryMs = 30_000;
/** The server pings every 30 s. */
const kSilentAfterMs = 75_000;
const kOpenWithinMs = 10_000;
/** A close without a close frame (RFC 6455 section 7.4.1): the network's doing, not the server's. */
const kAbnormal = 1006;

/** What the signalling tells. After `closed` and `refused` nothing more comes. */
export interface SignallingEvents {
  /** The server lets this page in: a WebSocket is dialled. */
  granted(access: Access): void;
  /** A WebSocket is open; what is sent now goes out by it. */
  opened(): void;
  message(message: spider.Message): void;
  /** The WebSocket has broken off; unless it is closed now, another one is dialled, after `waitMs` at least. */
  lost(reason: string, waitMs?: number): void;
  /** The server ended it; `reason` is a sentence for people. */
  closed(reason: string): void;
  /** It doesn't let this page in. */
  refused(refusal: Refusal): void;
}

/** The way to the server for words: a WebSocket, and the next one when it breaks off; each after the server was asked whether it lets this page in. */
export class Signalling {
  private socket: WebSocket | undefined;
  /** The question whose answer is waited for. */
  private question: Promise<Answer> | undefined;
  private timers: number[] = [];
  private readonly redial = new Redial(() => this.dial());
  private over = false;
  private lastHeard = 0;

  constructor(
    private readonly url: string,
    private readonly channel: string,
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
    if (this.over || this.socket || this.question) return;
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
    const question = askAccess(this.channel);
    this.question = question;
    void question.then((answer) => {
      if (question === this.question) this.onAnswer(answer);
    });
  }

  private onAnswer(answer: Answer): void {
    this.question = undefined;
    switch (answer.kind) {
      case 'granted':
        this.events.granted(answer.access);
        return this.connect();
      case 'refused':
        this.close();
        return this.events.refused(answer.refusal);
      case 'busy':
        return this.onLost(answer.message, answer.waitMs);
      case 'away':
        return this.onLost(t('unreachable'));
    }
  }

  private connect(): void {
    const socket = new WebSocket(this.url, subprotocols());
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
        this.events.closed(t('serverClosed'));
      } else {
        this.onLost(opened ? t('brokeOff') : t('unreachable'));
      }
    };
    const giveUp = () => {
      if (socket.readyState === WebSocket.CONNECTING) this.onLost(t('noAnswer'));
    };
    this.timers.push(window.setTimeout(giveUp, kOpenWithinMs));
  }

  private onLost(reason: string, waitMs = 0): void {
    this.forget();
    this.redial.wait(waitMs);
    this.events.lost(reason, waitMs);
  }

  private keepAlive(): void {
    const ping = () => {
      if (performance.now() - this.lastHeard > kSilentAfterMs) {
        this.onLost(t('nothingFromServer'));
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
    this.socket = this.question = undefined;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
