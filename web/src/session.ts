import { type Access, isFinal, type Refusal } from './access.ts';
import { kControlLabel, kLeaseLabel } from './control/messages.ts';
import { channelInit, type Delivery, maySend } from './delivery.ts';
import { fetchIceServers } from './ice.ts';
import { iceUfrag } from './ice_credentials.ts';
import { OpenToAll } from './open_to_all.ts';
import { newestRtp, playAtOnce } from './receivers.ts';
import { Signalling } from './signalling.ts';
import * as spider from './spider.ts';
import { t } from './text/text.ts';
import { notice } from './words.ts';

/** What the console opens itself, before the offer, besides the one it talks on; the server may open more. */
const kLabels = ['metric', 'rtcpub.clock', kLeaseLabel] as const;
export const kTalkLabel = 'stream';
const kAnswerWithinMs = 10_000;
const kConnectWithinMs = 10_000;
/** ICE is restarted meanwhile; a new session is quicker than waiting any longer. */
const kPathBackWithinMs = 5000;
/** Then the WebSocket is taken for dead, too. */
const kRestartWithinMs = 2000;

export type Payload = string | ArrayBuffer;

/** How a session ended. */
export interface End {
  /** A sentence for people. */
  reason: string;
  /** `atOnce`: the server is there, and the next session needn't wait. `never`: it would end likewise. */
  again: 'later' | 'atOnce' | 'never';
  /** The least that `later` is: so long the server wants to be left alone. */
  waitMs?: number;
  /** The server doesn't let this page in, or not any longer. */
  refusal?: Refusal;
}

/** What a session tells. After `ended` nothing more comes. */
export interface SessionEvents {
  /** What the server lets this page do; again with each WebSocket. */
  granted(access: Access): void;
  /** The path for media and data stands, for the first time or again. */
  connected(): void;
  /** The path is silent; it is looked for, and `connected` or `ended` follows. */
  pathLost(reason: string): void;
  /** The WebSocket has broken off while the path stands; `rejoined` or `ended` follows. */
  signallingLost(reason: string): void;
  rejoined(): void;
  /** `open`: the data channels on which all viewers may send. */
  joins(publishers: number, subscribers: number, open: string[]): void;
  /** What the server wants people to know, a sentence; ends nothing. */
  notice(words: string): void;
  /** Why no picture can come, or that this is over. */
  codecs(mismatch: spider.Mismatch | undefined): void;
  track(track: MediaStreamTrack): void;
  /** A data channel opened or closed. */
  channelChanged(): void;
  message(label: string, payload: Payload): void;
  /** It failed or the server ended it. */
  ended(end: End): void;
}

/**
 * One peer connection of a viewer, from the dial to the end. It outlives its WebSocket: when that
 * breaks off, it rejoins by another one with the same offer. When the path falls silent, ICE is
 * restarted.
 */
export class Session {
  private readonly signalling: Signalling;
  private readonly peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  private readonly channels = new Map<string, RTCDataChannel>();
  private readonly timers = new Set<number>();
  private readonly openToAll = new OpenToAll(
    (label) => this.openUnlessOpen(label),
    (label) => this.channels.delete(label),
  );
  private earlyCandidates: RTCIceCandidateInit[] = [];
  private work: Promise<void> = Promise.resolve();
  private ended = false;
  private established = false;
  private serverError: Refusal | undefined;
  private pathTimer: number | undefined;
  private restartTimer: number | undefined;
  private iceServers: Promise<RTCIceServer[]> = Promise.resolve([]);
  /** The newest offer that the server has answered: who offers the same again is the same viewer. */
  private agreedOffer: string | undefined;
  private sentOffer = '';
  private rejoining = false;

  constructor(
    url: string,
    channel: string,
    private delivery: Delivery,
    private readonly events: SessionEvents,
  ) {
    this.signalling = new Signalling(url, channel, {
      granted: (access) => this.onGranted(access),
      opened: () => this.enqueue(() => this.onOpened()),
      message: (message) => this.enqueue(() => this.onMessage(message)),
      lost: (reason, waitMs) =>
        this.enqueue(() => Promise.resolve(this.onSignallingLost(reason, waitMs))),
      // After the messages before it, which may say why.
      closed: (reason) => this.enqueue(() => Promise.resolve(this.end(reason))),
      refused: (refusal) => this.endWith({ reason: refusal.message, again: 'never', refusal }),
    });
    this.listenToPeer();
    this.after(kAnswerWithinMs, () => {
      if (!this.peer.remoteDescription) this.end(t('noAnswer'));
    });
    this.after(kAnswerWithinMs + kConnectWithinMs, () => {
      if (!this.established) this.end(t('noMediaConnection'));
    });
  }

  /** False when the channel isn't open (any more), or what may be lost would wait. */
  send(label: string, text: string): boolean {
    const channel = this.channels.get(label);
    if (channel?.readyState !== 'open') return false;
    const delivery = this.deliveryOf(label);
    if (!maySend(delivery, channel.bufferedAmount, this.pathTimer !== undefined)) return false;
    try {
      channel.send(text);
      return true;
    } catch {
      return false; // its buffer is full, or it closes just now
    }
  }

  private deliveryOf(label: string): Delivery {
    if (label === kControlLabel) return 'once';
    return label === kTalkLabel ? this.delivery : 'reliable';
  }

  /** From now on what is sent on the channel that the console talks on is delivered so. */
  setDelivery(delivery: Delivery): void {
    if (this.ended || delivery === this.delivery) return;
    this.delivery = delivery;
    const before = this.channels.get(kTalkLabel);
    this.channels.delete(kTalkLabel);
    this.openTalk();
    before?.close();
    this.events.channelChanged();
  }

  isOpen(label: string): boolean {
    return this.channels.get(label)?.readyState === 'open';
  }

  /** The RTP timestamp of the newest frame of video that was handed on to be shown. */
  newestRtp(): number | undefined {
    return newestRtp(this.peer.getReceivers());
  }

  stats(): Promise<RTCStatsReport> {
    return this.peer.getStats();
  }

  /** The network is back, or the page is looked at again: no wait is worth while. */
  hurry(): void {
    this.signalling.hurry();
    if (this.pathTimer !== undefined) this.enqueue(() => this.restartIce());
  }

  /** Ends without an event, and tells the server that this viewer is gone. */
  leave(): void {
    if (!this.ended) this.signalling.leave();
    this.close();
  }

  /** Ends without an event. */
  close(): void {
    if (this.ended) return;
    this.ended = true;
    for (const timer of this.timers) window.clearTimeout(timer);
    window.clearTimeout(this.pathTimer);
    window.clearTimeout(this.restartTimer);
    this.signalling.close();
    this.peer.close();
  }

  private end(reason: string, again: End['again'] = 'later', waitMs = 0): void {
    const said = this.serverError;
    if (said && isFinal(said.code)) {
      return this.endWith({ reason: said.message, again: 'never', refusal: said });
    }
    this.endWith({ reason: said?.message ?? reason, again, waitMs });
  }

  private endWith(end: End): void {
    if (this.ended) return;
    this.close();
    this.events.ended(end);
  }

  private listenToPeer(): void {
    const { peer } = this;
    for (const label of kLabels) this.adopt(peer.createDataChannel(label));
    this.adopt(peer.createDataChannel(kControlLabel, channelInit('once')));
    this.openTalk();
    peer.addTransceiver('video', { direction: 'recvonly' });
    peer.addTransceiver('audio', { direction: 'recvonly' });
    peer.ondatachannel = ({ channel }) => this.adopt(channel);
    peer.ontrack = ({ track, receiver }) => {
      playAtOnce(receiver);
      if (!this.ended) this.events.track(track);
    };
    peer.onicecandidate = ({ candidate }) => {
      if (candidate) this.sendSignal(spider.formatCandidate(candidate.toJSON()));
    };
    peer.onconnectionstatechange = () => this.onPathChange();
  }

  /** One signalling step after the other: descriptions must not overtake each other. */
  private enqueue(step: () => Promise<void>): void {
    this.work = this.work
      .then(() => (this.ended ? undefined : step()))
      .catch((error: unknown) => this.end(t('negotiationFailed', { error: String(error) })));
  }

  private onGranted(access: Access): void {
    if (this.agreedOffer === undefined) this.iceServers = fetchIceServers();
    this.events.granted(access);
  }

  private onOpened(): Promise<void> {
    if (this.agreedOffer === undefined) return this.offer();
    this.rejoining = true;
    this.sendSignal(spider.formatOffer(this.agreedOffer));
    return Promise.resolve();
  }

  private onSignallingLost(reason: string, waitMs = 0): void {
    // Without an answer there is nothing to come back to.
    if (!this.established) return this.end(reason, 'later', waitMs);
    this.rejoining = false;
    this.events.signallingLost(reason);
  }

  private async offer(): Promise<void> {
    this.peer.setConfiguration({
      ...this.peer.getConfiguration(),
      iceServers: await this.iceServers,
    });
    const offer = await this.peer.createOffer();
    this.sentOffer = offer.sdp ?? '';
    // Sent before its candidates are gathered, which setLocalDescription starts.
    this.sendSignal(spider.formatOffer(this.sentOffer));
    await this.peer.setLocalDescription(offer);
  }

  /** Looks for another path by the same peer connection; nothing happens while there is no way to say so. */
  private async restartIce(): Promise<void> {
    if (!this.signalling.open || this.rejoining || this.agreedOffer === undefined) return;
    if (this.peer.signalingState === 'have-local-offer') {
      await this.peer.setLocalDescription({ type: 'rollback' });
    }
    if (this.peer.signalingState !== 'stable') return;
    this.iceServers = fetchIceServers();
    this.peer.restartIce();
    await this.offer();
    window.clearTimeout(this.restartTimer);
    // A WebSocket may look alive long after its path has died.
    this.restartTimer = window.setTimeout(() => this.signalling.renew(), kRestartWithinMs);
  }

  private async onMessage(message: spider.Message): Promise<void> {
    switch (message.type) {
      case 'answer':
        return this.onAnswer(message.sdp);
      case 'offer':
        return this.onOffer(message.sdp);
      case 'candidate':
        return this.onCandidate(message.candidate);
      case 'joins':
        return this.onJoins(message.publishers, message.subscribers, message.open);
      case 'notice':
        return this.events.notice(notice(message.code, message.message));
      case 'codecs':
        return this.events.codecs(message.mismatch);
      case 'error':
        // The close that follows it ends the session, with these words.
        this.serverError = { code: message.code, message: message.message };
        return;
      case 'close':
        return this.end(t('serverEnded'));
      case 'ping':
        return;
    }
  }

  private async onAnswer(sdp: string): Promise<void> {
    if (this.rejoining) return this.onRejoined(sdp);
    if (this.peer.signalingState !== 'have-local-offer') return;
    window.clearTimeout(this.restartTimer);
    await this.peer.setRemoteDescription({ type: 'answer', sdp });
    this.agreedOffer = this.sentOffer;
    await this.addEarlyCandidates();
  }

  /** The server's answer to the same offer: as it was, unless the server doesn't know us any more. */
  private async onRejoined(sdp: string): Promise<void> {
    this.rejoining = false;
    const known = this.peer.currentRemoteDescription?.sdp ?? '';
    if (iceUfrag(sdp) !== iceUfrag(known)) return this.end(t('serverRestarted'), 'atOnce');
    this.events.rejoined();
    if (this.pathTimer !== undefined) await this.restartIce();
  }

  private async onOffer(sdp: string): Promise<void> {
    await this.peer.setRemoteDescription({ type: 'offer', sdp });
    await this.addEarlyCandidates();
    await this.peer.setLocalDescription();
    this.sendSignal(spider.formatAnswer(this.peer.localDescription?.sdp ?? ''));
  }

  private async onCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    if (!this.peer.remoteDescription) {
      this.earlyCandidates.push(candidate);
      return;
    }
    // One bad candidate leaves the others.
    await this.peer.addIceCandidate(candidate).catch(() => undefined);
  }

  private async addEarlyCandidates(): Promise<void> {
    const candidates = this.earlyCandidates;
    this.earlyCandidates = [];
    for (const candidate of candidates) await this.onCandidate(candidate);
  }

  private onPathChange(): void {
    const state = this.peer.connectionState;
    if (state === 'connected') this.onPathFound();
    if (state === 'failed' && !this.established) this.end(t('mediaFailed'));
    if (state === 'failed' || state === 'disconnected') this.onSilence();
  }

  private onPathFound(): void {
    window.clearTimeout(this.pathTimer);
    this.pathTimer = undefined;
    this.established = true;
    this.events.connected();
  }

  /** Something has come from the server, which the browser may not hold worth an event. */
  onSound(): void {
    if (this.pathTimer !== undefined && this.peer.connectionState === 'connected') {
      this.onPathFound();
    }
  }

  /** Nothing comes from the server any more. */
  onSilence(): void {
    if (this.ended || this.pathTimer !== undefined) return;
    const giveUp = () => this.end(t('mediaLost'));
    this.pathTimer = window.setTimeout(giveUp, kPathBackWithinMs);
    this.events.pathLost(t('nothingFromServer'));
    this.enqueue(() => this.restartIce());
  }

  private onJoins(publishers: number, subscribers: number, open: string[]): void {
    this.openToAll.follow(open);
    this.events.joins(publishers, subscribers, open);
  }

  private openUnlessOpen(label: string): RTCDataChannel | undefined {
    if (this.channels.has(label)) return undefined;
    const channel = this.peer.createDataChannel(label);
    this.adopt(channel);
    return channel;
  }

  private openTalk(): void {
    this.adopt(this.peer.createDataChannel(kTalkLabel, channelInit(this.delivery)));
  }

  private adopt(channel: RTCDataChannel): void {
    channel.binaryType = 'arraybuffer';
    if (!this.channels.has(channel.label)) this.channels.set(channel.label, channel);
    const changed = () => {
      if (!this.ended) this.events.channelChanged();
    };
    channel.onopen = changed;
    channel.onclose = changed;
    channel.onmessage = ({ data }) => {
      if (!this.ended) this.events.message(channel.label, data as Payload);
    };
  }

  private sendSignal(text: string): void {
    this.signalling.send(text);
  }

  private after(ms: number, action: () => void): void {
    this.timers.add(window.setTimeout(action, ms));
  }
}
