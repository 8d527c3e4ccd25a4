import { kAskForCameras, parseCameras, selectCamera } from '../cameras.ts';
import { Connection, type Figures, type Phase, type Status } from '../connection.ts';
import { DelayMeter } from '../delay.ts';
import { isTyping, shortcutOf } from '../keys.ts';
import { type Liveness, PictureWatch } from '../picture_watch.ts';
import { ScreenLock } from '../screen_lock.ts';
import { kTalkLabel, type Payload } from '../session.ts';
import { maySendTo, type State, stateOf } from '../state.ts';
import { t } from '../text/text.ts';
import { access, bytes, kUnknown, milliseconds, state, viewers, whyNotSend } from '../words.ts';
import { CameraChoice } from './camera_choice.ts';
import { ChannelLayout } from './channel_layout.ts';
import { h, setText } from './dom.ts';
import { Drive } from './drive.ts';
import { GaugePanel } from './gauge_panel.ts';
import { LogPanel } from './log_panel.ts';
import { Notices } from './notices.ts';
import { Picture } from './picture.ts';
import { SendBox } from './send_box.ts';
import { Settings } from './settings.ts';
import { StatStrip } from './stat_strip.ts';

const kDelayEveryMs = 250;

/** One channel: its picture, figures, telemetry and the box that talks back. */
export class ChannelPage {
  /** Where driving is: a panel, what lies over the picture, and who drives, in the bar. */
  private readonly slots = {
    drive: h('div', { class: 'slot' }),
    driveOverlay: h('div', { class: 'drive-overlay' }),
    driveStatus: h('div', { class: 'slot drive-status' }),
  };
  private readonly picture: Picture;
  private readonly notices: Notices;
  private readonly cameras = new CameraChoice((name) => this.selectCamera(name));
  private readonly strip = new StatStrip();
  private readonly log = new LogPanel();
  private readonly gauges: GaugePanel;
  private readonly settings = new Settings();
  private readonly screenLock = new ScreenLock();
  private readonly sendBox = new SendBox((label, text) => this.send(label, text), {
    delivery: (delivery) => this.connection.setDelivery(delivery),
    labelChosen: () => this.enableSending(this.shownState()),
  });
  private readonly state = h('span', { class: 'state', 'data-testid': 'state', role: 'status' });
  private readonly reason = h('span', { class: 'soft reason', 'data-testid': 'reason' });
  private readonly viewers = h('span', { class: 'soft viewers' });
  private readonly access = h('span', { class: 'soft access', 'data-testid': 'access' });
  /** What the figures say, where they can't be seen. */
  private readonly hud = h('span', { class: 'hud', 'data-testid': 'hud', 'aria-hidden': 'true' });
  private status: Status = { phase: 'connecting', open: [], busy: false };
  private liveness: Liveness = { oldMs: undefined, silent: false };
  private readonly connection: Connection;
  private readonly delay: DelayMeter;
  private readonly pictureWatch: PictureWatch;
  private readonly drive: Drive;

  constructor(
    root: HTMLElement,
    private readonly channel: string,
  ) {
    document.title = `${channel} · RTCPub`;
    this.picture = new Picture(channel, this.slots.driveOverlay);
    this.notices = new Notices(this.picture, channel);
    this.gauges = new GaugePanel(channel);
    this.connection = new Connection(channel, {
      status: (status) => this.showStatus(status),
      track: (track) => this.attach(track),
      message: (label, payload) => this.onMessage(label, payload),
      control: (text) => this.onControl(text),
      notice: (words) => this.sendBox.say(words),
      figures: (figures) => this.showFigures(figures),
      sendable: () => this.onSendable(),
    });
    this.delay = new DelayMeter(this.picture.video, (at) => this.connection.publisherTimeUs(at));
    this.pictureWatch = new PictureWatch(this.picture.video, (liveness) => {
      this.showLiveness(liveness);
    });
    this.drive = new Drive({
      video: this.picture.video,
      picture: this.picture.element,
      send: (label, text) => this.connection.send(label, text),
      isOpen: (label) => this.connection.canSend(label),
      serverTime: (at) => this.connection.serverTime(at),
      newestRtp: () => this.connection.newestRtp(),
    });
    this.slots.drive.append(this.drive.panel);
    this.slots.driveOverlay.append(this.drive.overlay);
    this.slots.driveStatus.append(this.drive.status);
    const { bar, main } = this.layout();
    root.replaceChildren(bar, main);
  }

  start(): void {
    this.drive.start();
    this.connection.start();
    window.setInterval(() => this.showDelay(), kDelayEveryMs);
    document.addEventListener('keydown', (event) => this.onKey(event));
  }

  private layout(): ChannelLayout {
    const name = h('h1', { title: this.channel }, this.channel);
    const { driveStatus, drive } = this.slots;
    return new ChannelLayout({
      bar: [name, this.reason, this.access, this.viewers, driveStatus, this.hud, this.state],
      picture: this.picture.element,
      cameras: this.cameras.element,
      drive,
      figures: this.strip.element,
      send: this.sendBox.element,
      gauges: this.gauges.element,
      messages: this.log.element,
      settings: this.settings.element,
    });
  }

  private onKey(event: KeyboardEvent): void {
    const shortcut = this.settings.keys && !isTyping(event) ? shortcutOf(event) : undefined;
    if (!shortcut) return;
    if (shortcut.kind === 'camera') this.cameras.choose(shortcut.at);
    else this.picture.toggleFullScreen();
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
    if (track.kind !== 'video') return;
    this.pictureWatch.forget();
    this.drive.onVideoTrack();
  }

  private showDelay(): void {
    const delay = this.delay.delayMs();
    this.strip.showDelay(delay);
    setText(
      this.hud,
      t('delayOf', { delay: delay === undefined ? kUnknown : milliseconds(delay) }),
    );
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
    this.state.dataset['state'] = shown;
    setText(this.state, state(shown));
    this.enableSending(shown);
  }

  private enableSending(shown: State): void {
    const labels = this.labels();
    const watchOnly = t('offWatchOnly');
    this.sendBox.offer(labels);
    this.cameras.enable(labels.includes(kTalkLabel) ? undefined : watchOnly);
    const { label } = this.sendBox;
    if (label === undefined) return this.sendBox.enable(watchOnly);
    const may = this.connection.canSend(label) && maySendTo(shown, this.liveness.silent);
    this.sendBox.enable(may ? undefined : whyNotSend(shown));
  }

  private onSendable(): void {
    this.drive.onLink();
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
    if (label === 'metric' && typeof payload === 'string') this.gauges.add(payload);
  }

  private onControl(text: string): void {
    if (this.drive.onControl(text)) this.pictureWatch.heard();
  }

  private showFigures(figures: Figures): void {
    this.strip.show(figures);
    this.pictureWatch.decoded(figures.snapshot.frames);
    if (figures.snapshot.audioPackets > 0) this.picture.offerSound();
    this.notices.onFigures(figures.snapshot);
  }

  private showStatus(status: Status): void {
    const before = this.status.phase;
    this.status = status;
    if (status.phase !== before) this.onPhase(status.phase);
    this.drive.onStatus(status);
    this.showState();
    setText(this.reason, status.problem ?? '');
    setText(this.viewers, status.viewers === undefined ? '' : viewers(status.viewers));
    setText(this.access, status.access ? access(status.access, new Date()) : '');
    this.notices.onStatus(status);
  }

  private onPhase(phase: Phase): void {
    this.screenLock.want(phase === 'connected' || phase === 'rejoining');
    if (phase === 'connected') return this.askForCameras();
    if (phase === 'rejoining' || phase === 'away') return; // the same publisher's
    this.cameras.forget();
    if (phase !== 'reconnecting' && phase !== 'refused') return;
    this.delay.forget();
    this.strip.clear();
    this.gauges.interrupt();
  }
}
