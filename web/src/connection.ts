import type { Access, Refusal } from './access.ts';
import { fetchChannels } from './channels.ts';
import { ClockSync, kClockIntervalMs, kClockLabel, nowUs, type ServerTime } from './clock.ts';
import { kControlLabel, kLeaseLabel } from './control/messages.ts';
import type { Delivery } from './delivery.ts';
import type { Fields } from './json.ts';
import { Redial } from './redial.ts';
import { type End, type Payload, Session } from './session.ts';
import { type Mismatch, subscriberUrl } from './spider.ts';
import { type Rates, rates, type Snapshot, snapshot } from './stats.ts';
import { Watch } from './watch.ts';
import { t } from './text/text.ts';

/** A connection that stood this long counts as one: the next failure waits shortly again. */
const kProvenAfterMs = 5000;
const kSampleEveryMs = 1000;

/**
 * `away`: there is a publisher, but nothing comes from it. `rejoining`: pictures come, but words of
 * the server's don't. `refused`: the server doesn't let this page in, and isn't asked again.
 */
export type Phase =
  | 'connecting'
  | 'waiting'
  | 'connected'
  | 'away'
  | 'rejoining'
  | 'reconnecting'
  | 'refused';

export interface Status {
  phase: Phase;
  /** Why it is so, a sentence for people. */
  problem?: string;
  /** Viewers in the channel, this one included; undefined when the server doesn't tell. */
  viewers?: number;
  /** Why no picture can come though one is sent. */
  mismatch?: Mismatch;
  /** What the server lets this page do; undefined until it has said so. */
  access?: Access;
  /** The data channels on which a viewer may send that may not drive. */
  open: string[];
  /** Why it doesn't let this page in. */
  refusal?: Refusal;
  /** It wants to be left alone for a while: another token would be let in at once. */
  busy: boolean;
}

export interface Figures {
  snapshot: Snapshot;
  /** Undefined until two snapshots of one session are there. */
  rates: Rates | undefined;
}

export interface ConnectionEvents {
  status(status: Status): void;
  track(track: MediaStreamTrack): void;
  message(label: string, payload: Payload): void;
  /** The server has said something of driving (control/messages.ts). */
  control(text: string): void;
  /** What the server wants people to know, a sentence. */
  notice(words: string): void;
  /** About once a second while a session stands. */
  figures(figures: Figures): void;
  /** Whether `send` can work has perhaps changed. */
  sendable(): void;
}

/**
 * A viewer's connection to one channel that keeps itself up: when a session ends, its path goes
 * silent or its pictures stop, the next one is begun after a growing wait, unless the server doesn't
 * let this page in.
 */
export class Connection {
  private session: Session | undefined;
  private clock = new ClockSync();
  private watch = new Watch();
  private before: Snapshot | undefined;
  private readonly redial = new Redial(() => this.dial());
  private problem: string | undefined;
  private established = 0;
  /** Undefined until the server tells; old servers don't. */
  private publishers: number | undefined;
  private viewers: number | undefined;
  private mismatch: Mismatch | undefined;
  private access: Access | undefined;
  private open: string[] = [];
  private refusal: Refusal | undefined;
  private busy = false;
  private evidence = false;
  private pathLost = false;
  private signallingLost = false;
  private away = false;
  private delivery: Delivery = 'reliable';

  constructor(
    private readonly channel: string,
    private readonly events: ConnectionEvents,
  ) {}

  start(): void {
    this.dial();
    window.setInterval(() => void this.sample(), kSampleEveryMs);
    window.setInterval(() => this.askTime(), kClockIntervalMs);
    const wake = () => {
      if (document.visibilityState === 'visible') this.wake();
    };
    document.addEventListener('visibilitychange', wake);
    window.addEventListener('online', wake);
    window.addEventListener('pagehide', () => this.leave());
    // Also back from the browser's cache of pages, after `pagehide`.
    window.addEventListener('pageshow', wake);
  }

  /** False when the channel isn't open, or what may be lost would wait. */
  send(label: string, text: string): boolean {
    return this.session?.send(label, text) ?? false;
  }

  /** How what is sent on `stream` is delivered; the next sessions keep it. */
  setDelivery(delivery: Delivery): void {
    this.delivery = delivery;
    this.session?.setDelivery(delivery);
  }

  canSend(label: string): boolean {
    return this.session?.isOpen(label) ?? false;
  }

  /** What the publisher's clock shows at `nowUs` here; undefined while that isn't known. */
  publisherTimeUs(nowUs: number): number | undefined {
    return this.clock.publisherTimeUs(nowUs);
  }

  /** The RTP timestamp of the newest frame that was handed on to be shown. */
  newestRtp(): number | undefined {
    return this.session?.newestRtp();
  }

  /** What the server's clock shows at `nowUs` here; undefined while that isn't known. */
  serverTime(nowUs: number): ServerTime | undefined {
    return this.clock.serverTime(nowUs);
  }

  private dial(): void {
    this.redial.cancel();
    this.forgetSession();
    this.report();
    const url = subscriberUrl(location, this.channel);
    const session: Session = new Session(url, this.channel, this.delivery, {
      granted: (access) => this.onGranted(access),
      connected: () => this.onConnected(),
      pathLost: (reason) => this.onPathLost(reason),
      signallingLost: (reason) => this.onSignalling(true, reason),
      rejoined: () => this.onSignalling(false),
      joins: (publishers, subscribers, open) => this.onJoins(publishers, subscribers, open),
      notice: (words) => this.events.notice(words),
      codecs: (mismatch) => this.onCodecs(mismatch),
      track: (track) => this.events.track(track),
      channelChanged: () => this.events.sendable(),
      message: (label, payload) => this.onMessage(label, payload),
      ended: (end) => this.onEnded(end),
    });
    this.session = session;
  }

  private forgetSession(): void {
    this.session?.close();
    this.session = undefined;
    this.clock = new ClockSync();
    this.watch = new Watch();
    this.before = undefined;
    this.established = 0;
    this.publishers = undefined;
    this.viewers = undefined;
    this.mismatch = undefined;
    this.evidence = false;
    this.pathLost = this.signallingLost = this.away = false;
  }

  private onGranted(access: Access): void {
    this.access = access;
    this.busy = false;
    this.report();
  }

  private onConnected(): void {
    if (this.established === 0) this.established = performance.now();
    this.pathLost = false;
    this.problem = undefined;
    this.askTime();
    this.report();
  }

  private onPathLost(reason: string): void {
    this.pathLost = true;
    this.problem = reason;
    this.report();
  }

  private onSignalling(lost: boolean, reason?: string): void {
    this.signallingLost = lost;
    if (!this.pathLost) this.problem = reason;
    this.report();
  }

  private onJoins(publishers: number, subscribers: number, open: string[]): void {
    this.publishers = publishers;
    this.viewers = subscribers;
    this.open = open;
    this.report();
  }

  private onCodecs(mismatch: Mismatch | undefined): void {
    this.mismatch = mismatch;
    this.report();
  }

  private onMessage(label: string, payload: Payload): void {
    if (label === kClockLabel) {
      if (typeof payload === 'string') this.clock.receive(payload, nowUs());
      return;
    }
    if (label === kControlLabel || label === kLeaseLabel) {
      if (typeof payload === 'string') this.events.control(payload);
      return;
    }
    this.sawPublisher();
    this.events.message(label, payload);
  }

  private onEnded({ reason, again, waitMs, refusal }: End): void {
    const proven = this.established > 0 && performance.now() - this.established > kProvenAfterMs;
    if (proven) this.redial.forget();
    this.forgetSession();
    this.problem = reason;
    if (again === 'atOnce') return this.dial();
    this.refusal = refusal;
    this.busy = !refusal && (waitMs ?? 0) > 0;
    if (!refusal) this.redial.wait(waitMs);
    this.report();
    this.events.sendable();
  }

  /** The tab is looked at again, or the network is back. */
  private wake(): void {
    if (this.refusal) return;
    this.watch.wake();
    if (this.session) this.session.hurry();
    else this.dial();
  }

  /** The page is closed or left: who drives is gone, and the robot is to know at once. */
  private leave(): void {
    this.redial.cancel();
    this.session?.leave();
    this.forgetSession();
  }

  private askTime(): void {
    this.session?.send(kClockLabel, this.clock.request(nowUs()));
  }

  private async sample(): Promise<void> {
    const { session, before } = this;
    if (!session || this.established === 0) return;
    const now = snapshot((await session.stats()).values() as Iterable<Fields>);
    if (session !== this.session) return;
    this.before = now;
    if (now.frames > (before?.frames ?? 0)) this.onPictures();
    if (before && now.transportBytes > before.transportBytes) session.onSound();
    this.events.figures({ snapshot: now, rates: before && rates(before, now) });
    const verdict = this.watch.judge({
      bytesReceived: now.transportBytes,
      framesDecoded: now.frames,
      picturesExpected: this.publishers !== 0 && this.mismatch === undefined,
    });
    if (verdict === 'silent') session.onSilence();
    if (verdict === 'still' || verdict === 'stalled') {
      await this.explainStillness(session, verdict === 'stalled');
    }
  }

  private onPictures(): void {
    if (this.away) this.setAway(false);
    this.sawPublisher();
  }

  /** The picture stands still: because nothing comes from the publisher, or by a fault of this side. */
  private async explainStillness(session: Session, forLong: boolean): Promise<void> {
    const channels = await fetchChannels().catch(() => undefined);
    if (session !== this.session) return;
    const info = channels?.find(({ id }) => id === this.channel);
    const away = channels !== undefined && info?.publisher === undefined;
    if (away !== this.away) this.setAway(away);
    if (forLong && !away) this.onEnded({ reason: t('pictureStopped'), again: 'later' });
  }

  private setAway(away: boolean): void {
    this.away = away;
    this.problem = away ? t('nothingFromPublisher') : undefined;
    this.report();
  }

  private sawPublisher(): void {
    if (this.evidence) return;
    this.evidence = true;
    this.report();
  }

  private report(): void {
    this.events.status({
      phase: this.currentPhase(),
      ...(this.problem !== undefined && { problem: this.problem }),
      ...(this.viewers !== undefined && { viewers: this.viewers }),
      ...(this.mismatch !== undefined && { mismatch: this.mismatch }),
      ...(this.access !== undefined && { access: this.access }),
      open: this.open,
      ...(this.refusal !== undefined && { refusal: this.refusal }),
      busy: this.busy,
    });
  }

  private currentPhase(): Phase {
    if (this.refusal) return 'refused';
    if (this.established === 0) return this.problem === undefined ? 'connecting' : 'reconnecting';
    if (this.pathLost) return 'reconnecting';
    if (this.signallingLost) return 'rejoining';
    const present = this.publishers === undefined ? this.evidence : this.publishers > 0;
    if (!present) return 'waiting';
    return this.away ? 'away' : 'connected';
  }
}
