import { kAskForCameras, parseCameras, selectCamera } from '../cameras.ts';
import { Connection, type Figures, type Phase, type Status } from '../connection.ts';
import { DelayMeter } from '../delay.ts';
import { type Liveness, PictureWatch } from '../picture_watch.ts';
import { kTalkLabel, type Payload } from '../session.ts';
import type { Mismatch } from '../spider.ts';
import { maySendTo, type State, stateOf } from '../state.ts';
import {
  access,
  bytes,
  kUnknown,
  kWatchOnly,
  milliseconds,
  mismatch,
  noPicture,
  refusal,
  state,
  viewers,
  whyNotSend,
} from '../words.ts';
import { CameraChoice } from './camera_choice.ts';
import { h, setText } from './dom.ts';
import { header } from './header.ts';
import { LogPanel } from './log_panel.ts';
import { Picture } from './picture.ts';
import { PlotPanel } from './plot_panel.ts';
import { publishHint } from './publish_hint.ts';
import { SendBox } from './send_box.ts';
import { StatStrip } from './stat_strip.ts';
import { tokenForm } from './token_form.ts';

const kDelayEveryMs = 250;
/** Figures without a picture, one a second, until the page says so. */
const kPatience = 3;

/** One channel: its picture, figures, telemetry and the box that talks back. */
export class ChannelPage {
  private readonly hud = h('p', { class: 'hud', 'data-testid': 'hud', 'aria-hidden': 'true' });
  private readonly picture = new Picture(this.hud);
  private readonly cameras = new CameraChoice((name) => this.selectCamera(name));
  private readonly strip = new StatStrip();
  private readonly log = new LogPanel();
  private readonly plots = new PlotPanel();
  private readonly sendBox = new SendBox((label, text) => this.send(label, text), {
    delivery: (delivery) => this.connection.setDelivery(delivery),
    labelChosen: () => this.enableSending(this.shownState()),
  });
  private readonly state = h('span', { class: 'state', 'data-testid': 'state', role: 'status' });
  private readonly reason = h('span', { class: 'soft reason', 'data-testid': 'reason' });
  private readonly viewers = h('span', { class: 'soft viewers' });
  private readonly access = h('span', { class: 'soft access', 'data-testid': 'access' });
  private status: Status = { phase: 'connecting', open: [], busy: false };
  private liveness: Liveness = { oldMs: undefined, silent: false };
  private withoutPicture = 0;
  private packets = 0;
  private readonly connection: Connection;
  private readonly delay: DelayMeter;
  private readonly pictureWatch: PictureWatch;

  constructor(
    root: HTMLElement,
    private readonly channel: string,
  ) {
    document.title = `${channel} · RTCPub`;
    this.connection = new Connection(channel, {
      status: (status) => this.showStatus(status),
      track: (track) => this.attach(track),
      message: (label, payload) => this.onMessage(label, payload),
      notice: (words) => this.sendBox.say(words),
      figures: (figures) => this.showFigures(figures),
      sendable: () => this.onSendable(),
    });
    this.delay = new DelayMeter(this.picture.video, (at) => this.connection.publisherTimeUs(at));
    this.pictureWatch = new PictureWatch(this.picture.video, (liveness) => {
      this.showLiveness(liveness);
    });
    root.replaceChildren(this.bar(), this.layout());
  }

  start(): void {
    this.connection.start();
    window.setInterval(() => this.showDelay(), kDelayEveryMs);
  }

  private bar(): HTMLElement {
    const name = h('h1', { title: this.channel }, this.channel);
    return header(name, this.reason, this.access, this.viewers, this.state);
  }

  private layout(): HTMLElement {
    const watch = h('div', { class: 'watch' }, this.picture.element);
    watch.append(this.cameras.element, this.strip.element);
    const talk = h('div', { class: 'talk' }, this.sendBox.element, this.log.element);
    return h('main', { class: 'channel' }, watch, this.plots.element, talk);
  }

  private send(label: string, text: string): boolean {
    const sent = this.connection.send(label, text);
    if (sent) this.log.add(label, text, true);
    return sent;
  }

  /** The data channels on which this viewer may send; until the server has told, as who may drive. */
  private labels(): string[] {
    const { access, open } = this.status;
    if (access && !access.rights.has('drive')) return open;
    return [kTalkLabel, ...open.filter((label) => label !== kTalkLabel)];
  }

  private attach(track: MediaStreamTrack): void {
    this.picture.attach(track);
    if (track.kind === 'video') this.pictureWatch.forget();
  }

  private showDelay(): void {
    const delay = this.delay.delayMs();
    this.strip.showDelay(delay);
    const known = delay === undefined ? kUnknown : milliseconds(delay);
    setText(this.hud, `${state(this.shownState())} · delay ${known}`);
  }

  private showLiveness(liveness: Liveness): void {
    this.liveness = liveness;
    this.picture.showAge(liveness.oldMs);
    this.showState();
  }

  private shownState(): State {
    return stateOf(this.status.phase, this.liveness.oldMs !== undefined);
  }

  private showState(): void {
    const shown = this.shownState();
    document.documentElement.dataset['state'] = shown;
    this.state.dataset['state'] = this.hud.dataset['state'] = shown;
    setText(this.state, state(shown));
    this.enableSending(shown);
  }

  private enableSending(shown: State): void {
    const labels = this.labels();
    this.sendBox.offer(labels);
    this.cameras.enable(labels.includes(kTalkLabel) ? undefined : kWatchOnly);
    const { label } = this.sendBox;
    if (label === undefined) return this.sendBox.enable(kWatchOnly);
    const may = this.connection.canSend(label) && maySendTo(shown, this.liveness.silent);
    this.sendBox.enable(may ? undefined : whyNotSend(shown));
  }

  private onSendable(): void {
    this.enableSending(this.shownState());
    this.askForCameras();
  }

  /** A publisher that has none to choose from doesn't answer. */
  private askForCameras(): void {
    if (this.labels().includes(kTalkLabel)) this.connection.send(kTalkLabel, kAskForCameras);
  }

  private selectCamera(name: string): void {
    this.connection.send(kTalkLabel, selectCamera(name));
  }

  private onMessage(label: string, payload: Payload): void {
    this.pictureWatch.heard();
    const cameras =
      label === kTalkLabel && typeof payload === 'string' ? parseCameras(payload) : undefined;
    if (cameras) return this.cameras.show(cameras);
    const text = typeof payload === 'string' ? payload : bytes(payload);
    this.log.add(label, text);
    if (label === 'metric' && typeof payload === 'string') this.plots.add(payload);
  }

  private showFigures(figures: Figures): void {
    this.strip.show(figures);
    this.pictureWatch.decoded(figures.snapshot.frames);
    this.packets = figures.snapshot.packets;
    if (figures.snapshot.audioPackets > 0) this.picture.offerSound();
    this.withoutPicture = figures.snapshot.frames > 0 ? 0 : this.withoutPicture + 1;
    this.showNotice();
  }

  private showStatus(status: Status): void {
    const before = this.status.phase;
    this.status = status;
    if (status.phase !== before) this.onPhase(status.phase);
    this.showState();
    setText(this.reason, status.problem ?? '');
    setText(this.viewers, status.viewers === undefined ? '' : viewers(status.viewers));
    setText(this.access, status.access ? access(status.access, new Date()) : '');
    if (status.phase !== 'connected') this.withoutPicture = 0;
    this.showNotice();
  }

  private onPhase(phase: Phase): void {
    if (phase === 'connected') return this.askForCameras();
    if (phase === 'rejoining' || phase === 'away') return; // the same publisher's
    this.cameras.forget();
    if (phase !== 'reconnecting' && phase !== 'refused') return;
    this.delay.forget();
    this.strip.clear();
    this.plots.interrupt();
  }

  private showNotice(): void {
    const { phase, problem } = this.status;
    switch (phase) {
      case 'connecting':
        return this.picture.showNotice('Connecting …');
      case 'waiting':
        return this.showWaiting();
      case 'refused':
        return this.showRefusal();
      case 'reconnecting':
        return this.showTrouble(problem ?? 'The connection was lost.');
      case 'away':
        return this.picture.showNotice(problem ?? '', 'Waiting for it to come back …');
      case 'rejoining':
        return this.picture.showNotice('');
      case 'connected':
        if (this.status.mismatch) return this.showMismatch(this.status.mismatch);
        return this.showPatience();
    }
  }

  private showWaiting(): void {
    const title = `Waiting for a publisher on ${this.channel}`;
    if (!this.status.access?.rights.has('publish')) return this.picture.showNotice(title);
    this.picture.showNotice(title, 'To try with a test picture:', () => publishHint(this.channel));
  }

  private showTrouble(problem: string): void {
    if (!this.status.busy) return this.picture.showNotice(problem, 'Trying again …');
    this.picture.showNotice(
      problem,
      'Trying again later, or at once with another token:',
      tokenForm,
    );
  }

  private showRefusal(): void {
    if (!this.status.refusal) return;
    const { title, detail } = refusal(this.status.refusal);
    this.picture.showNotice(title, detail, tokenForm);
  }

  private showPatience(): void {
    if (this.withoutPicture < kPatience) return this.picture.showNotice('');
    const { title, detail } = noPicture(this.packets);
    this.picture.showNotice(title, detail);
  }

  private showMismatch(lack: Mismatch): void {
    const { title, detail } = mismatch(lack, navigator.userAgent.includes('Firefox'));
    this.picture.showNotice(title, detail);
  }
}
