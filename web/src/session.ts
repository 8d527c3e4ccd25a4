import * as spider from './spider.ts';

/** What the console opens itself, before the offer; the server may open more. */
const kLabels = ['metric', 'stream', 'rtcpub.clock'] as const;
const kAnswerWithinMs = 10_000;
const kConnectWithinMs = 10_000;
const kPathBackWithinMs = 3000;
const kPingEveryMs = 30_000;
/** The server pings every 30 s. */
const kSocketSilentAfterMs = 75_000;

export type Payload = string | ArrayBuffer;

/** What a session tells. After `ended` nothing more comes. */
export interface SessionEvents {
  /** The path for media and data stands. */
  connected(): void;
  joins(publishers: number, subscribers: number): void;
  track(track: MediaStreamTrack): void;
  /** A data channel opened or closed. */
  channelChanged(): void;
  message(label: string, payload: Payload): void;
  /** It failed or the server ended it; `reason` is a sentence for people. */
  ended(reason: string): void;
}

/** One WebSocket and one peer connection of a viewer, from the dial to the end; never reused. */
export class Session {
  private readonly socket: WebSocket;
  private readonly peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  private readonly channels = new Map<string, RTCDataChannel>();
  private readonly timers = new Set<number>();
  private earlyCandidates: RTCIceCandidateInit[] = [];
  private work: Promise<void> = Promise.resolve();
  private ended = false;
  private opened = false;
  private established = false;
  private serverError: string | undefined;
  private pathTimer: number | undefined;
  private lastHeard = performance.now();

  constructor(
    url: string,
    private readonly events: SessionEvents,
  ) {
    this.socket = new WebSocket(url);
    this.listenToPeer();
    this.listenToSocket();
    this.after(kAnswerWithinMs, () => {
      if (!this.peer.remoteDescription) this.end('The server does not answer.');
    });
    this.after(kAnswerWithinMs + kConnectWithinMs, () => {
      if (!this.established) this.end('No path for media: is the server’s UDP port reachable?');
    });
  }

  /** False when the channel isn't open (any more). */
  send(label: string, text: string): boolean {
    const channel = this.channels.get(label);
    if (channel?.readyState !== 'open') return false;
    try {
      channel.send(text);
      return true;
    } catch {
      return false; // its buffer is full, or it closes just now
    }
  }

  isOpen(label: string): boolean {
    return this.channels.get(label)?.readyState === 'open';
  }

  stats(): Promise<RTCStatsReport> {
    return this.peer.getStats();
  }

  /** Ends without an event. */
  close(): void {
    if (this.ended) return;
    this.ended = true;
    for (const timer of this.timers) window.clearTimeout(timer);
    window.clearTimeout(this.pathTimer);
    this.socket.close();
    this.peer.close();
  }

  private end(reason: string): void {
    if (this.ended) return;
    this.close();
    this.events.ended(this.serverError ?? reason);
  }

  private listenToPeer(): void {
    const { peer } = this;
    for (const label of kLabels) this.adopt(peer.createDataChannel(label));
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

  private listenToSocket(): void {
    const { socket } = this;
    socket.onopen = () => {
      this.opened = true;
      this.enqueue(() => this.offer());
    };
    socket.onmessage = ({ data }) => {
      this.lastHeard = performance.now();
      const message = typeof data === 'string' ? spider.parse(data) : undefined;
      if (message) this.enqueue(() => this.onMessage(message));
    };
    socket.onclose = () => {
      const reason = this.opened
        ? 'The server closed the connection.'
        : 'The server can’t be reached.';
      // After the messages before it, which may say why.
      this.enqueue(() => Promise.resolve(this.end(reason)));
    };
  }

  /** One signalling step after the other: descriptions must not overtake each other. */
  private enqueue(step: () => Promise<void>): void {
    this.work = this.work
      .then(() => (this.ended ? undefined : step()))
      .catch((error: unknown) => this.end(`The negotiation failed: ${String(error)}`));
  }

  private async offer(): Promise<void> {
    const offer = await this.peer.createOffer();
    // Sent before its candidates are gathered, which setLocalDescription starts.
    this.sendSignal(spider.formatOffer(offer.sdp ?? ''));
    await this.peer.setLocalDescription(offer);
    this.every(kPingEveryMs, () => {
      if (performance.now() - this.lastHeard > kSocketSilentAfterMs) {
        this.end('The server has gone silent.');
      }
      this.sendSignal(spider.formatPing());
    });
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
        return this.events.joins(message.publishers, message.subscribers);
      case 'error':
        // The close that follows it ends the session, with these words.
        this.serverError = message.message;
        return;
      case 'close':
        return this.end('The server ended the session.');
      case 'ping':
        return;
    }
  }

  private async onAnswer(sdp: string): Promise<void> {
    if (this.peer.signalingState !== 'have-local-offer') return;
    await this.peer.setRemoteDescription({ type: 'answer', sdp });
    await this.addEarlyCandidates();
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
    window.clearTimeout(this.pathTimer);
    if (state === 'connected' && !this.established) {
      this.established = true;
      this.events.connected();
    }
    if (state === 'failed') this.end('The path for media was lost.');
    if (state === 'disconnected') {
      const giveUp = () => this.end('The path for media was lost.');
      this.pathTimer = window.setTimeout(giveUp, kPathBackWithinMs);
    }
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
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(text);
  }

  private after(ms: number, action: () => void): void {
    this.timers.add(window.setTimeout(action, ms));
  }

  private every(ms: number, action: () => void): void {
    this.timers.add(window.setInterval(action, ms));
  }
}

/** Asks for no buffering beyond what decoding needs; each browser knows one of the two. */
function playAtOnce(receiver: RTCRtpReceiver): void {
  const tunable = receiver as { jitterBufferTarget?: number | null; playoutDelayHint?: number };
  if ('jitterBufferTarget' in tunable) tunable.jitterBufferTarget = 0;
  if ('playoutDelayHint' in tunable) tunable.playoutDelayHint = 0;
}
