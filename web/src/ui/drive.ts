import { nowUs, type ServerTime } from '../clock.ts';
import type { Phase, Status } from '../connection.ts';
import { Driver } from '../control/driver.ts';
import {
  formatClear,
  formatCommand,
  formatEmergency,
  formatRelease,
  formatReply,
  formatRequest,
  kConsoleWhy,
  kControlLabel,
  kLeaseLabel,
  parseControl,
} from '../control/messages.ts';
import { DriveModel, type DriveView, type Here } from '../control/model.ts';
import { slowed, together } from '../control/wish.ts';
import { whoDrives } from '../control/words.ts';
import { isTyping } from '../keys.ts';
import { kTalkLabel } from '../session.ts';
import { kUnknown, milliseconds } from '../words.ts';
import { h, setText } from './dom.ts';
import { DriveKeys } from './drive_keys.ts';
import { DriveOverlay } from './drive_overlay.ts';
import { DrivePad } from './drive_pad.ts';
import { DrivePanel } from './drive_panel.ts';
import { DriveSight } from './drive_sight.ts';
import { TouchStick } from './drive_stick.ts';
import { PictureStick } from './drive_thumb.ts';

/** The command in force is given anew so often. */
const kRepeatMs = 20;
/** What was pressed is said at once, but no two commands are closer than this, unless it stops: a server takes 120 a
 *  second, and a screen may move a thumb as often. */
const kLeastGapMs = 8;
const kShowMs = 100;
/** Who looks away for so long gives control back. */
const kAwayMs = 10_000;

/** What driving needs of the page. */
export interface DrivePorts {
  video: HTMLVideoElement;
  /** The picture with what lies over it: thumbs on it drive. */
  picture: HTMLElement;
  /** False when the channel isn't open, or what may be lost would wait. */
  send(label: string, text: string): boolean;
  isOpen(label: string): boolean;
  serverTime(nowUs: number): ServerTime | undefined;
  /** The RTP timestamp of the newest frame that the receiver handed on, for browsers that don't tell of each. */
  newestRtp(): number | undefined;
}

/**
 * Driving: shows who drives and why it doesn't go, and gives the commands of the one at this page. Nothing
 * of it is seen where the server doesn't speak control.
 */
export class Drive {
  private readonly model = new DriveModel();
  private readonly driver = new Driver();
  private readonly sight: DriveSight;
  private readonly keys = new DriveKeys(() => this.driver.drives, {
    changed: () => this.hurry(),
    stop: () => this.letGo(),
    emergency: () => this.pressEmergency(),
  });
  private readonly stick = new TouchStick(() => this.hurry());
  private readonly thumb: PictureStick;
  private readonly pad = new DrivePad({ gone: () => this.letGo() });
  private readonly controls = {
    take: () => this.request(false),
    takeOver: () => this.request(true),
    release: () => this.release(),
    reply: (to: number, give: boolean) => this.reply(to, give),
    clear: () => this.clear(),
    emergency: () => this.pressEmergency(),
    setMaxSpeed: (value: number) => this.setMaxSpeed(value),
  };
  private readonly overlayPart = new DriveOverlay(this.controls);
  private readonly panelPart = new DrivePanel(this.controls, {
    stick: this.stick.element,
    pad: this.pad.element,
  });
  /** Everything, in a panel. */
  readonly panel = this.panelPart.element;
  /** What lies over the picture. */
  readonly overlay = this.overlayPart.element;
  /** A few words for the bar. */
  readonly status = h('span', { class: 'soft', 'data-testid': 'drive-status', hidden: true });
  private phase: Phase = 'connecting';
  private rights: ReadonlySet<string> = new Set();
  private timer: number | undefined;
  private lastSentAt = -Infinity;
  private hurried: number | undefined;
  private hiddenSince: number | undefined;
  /** The lease was asked for here: what is pressed next drives. */
  private wanted = false;

  constructor(private readonly ports: DrivePorts) {
    this.thumb = new PictureStick(ports.picture, () => this.hurry());
    this.overlay.prepend(this.thumb.element);
    this.sight = new DriveSight(ports.video, () => ports.newestRtp());
  }

  /** Before the connection is: what listens first to a page's end can still send something. */
  start(): void {
    this.keys.start();
    this.sight.start();
    // In a menu, a list and while something is dragged nobody tells this page of a key's end.
    for (const end of ['blur', 'contextmenu', 'dragstart', 'freeze']) {
      window.addEventListener(end, () => this.loseHold(), { capture: true });
    }
    window.addEventListener('focusin', (event) => {
      if (isTyping(event)) this.loseHold();
    });
    document.addEventListener('visibilitychange', () => this.onVisibility());
    window.addEventListener('pagehide', () => this.onPageHide());
    window.setInterval(() => this.show(), kShowMs);
  }

  /** The server has said something of driving. Whether it is the robot's own word. */
  onControl(text: string): boolean {
    const message = parseControl(text);
    if (!message) return false;
    const now = performance.now();
    const before = this.driver.drives;
    this.model.onMessage(message, now);
    if (message.type === 'drive') this.driver.onNotice(message.notice);
    if (message.type === 'gate') this.driver.onReport(message.report, now);
    if (this.driver.drives !== before) this.onLease();
    this.show();
    return message.type === 'gate';
  }

  onStatus({ phase, access }: Status): void {
    this.phase = phase;
    if (access) this.rights = access.rights;
    this.onLink();
  }

  /** Data channels may have opened or closed. */
  onLink(): void {
    if (!this.isUp()) this.loseHold();
    if (this.model.isKnown && !this.ports.isOpen(kLeaseLabel)) {
      this.model.forget();
      this.driver.onNotice(undefined);
      this.onLease();
    }
    this.show();
  }

  /** The picture is another stream's. */
  onVideoTrack(): void {
    this.sight.forget();
    this.letGo();
  }

  private isUp(): boolean {
    const isUp = this.phase !== 'connecting' && this.phase !== 'reconnecting';
    return isUp && this.ports.isOpen(kLeaseLabel) && this.ports.isOpen(kControlLabel);
  }

  private request(takeOver: boolean): void {
    this.wanted = true;
    this.model.requested(performance.now());
    this.ports.send(kLeaseLabel, formatRequest(takeOver));
    this.show();
  }

  /** Neutral first. */
  private release(): void {
    this.wanted = false;
    this.driver.finish();
    this.letGo();
    this.model.withdrawn();
    this.ports.send(kLeaseLabel, formatRelease());
    this.show();
  }

  private reply(to: number, give: boolean): void {
    if (give) {
      this.driver.give();
      this.letGo();
    }
    this.ports.send(kLeaseLabel, formatReply(to, give));
  }

  private clear(): void {
    this.model.clearing();
    this.ports.send(kLeaseLabel, formatClear());
    this.show();
  }

  private setMaxSpeed(value: number): boolean {
    const speed = { key: 'maxSpeed', value };
    return this.ports.send(kTalkLabel, JSON.stringify({ speed }));
  }

  private pressEmergency(): void {
    this.letGo();
    this.model.press(kConsoleWhy);
    this.show();
  }

  /** This page drives from now on, or no more. */
  private onLease(): void {
    this.letGo();
    window.clearInterval(this.timer);
    window.clearTimeout(this.hurried);
    this.hurried = undefined;
    if (!this.driver.drives) return;
    this.timer = window.setInterval(() => this.repeat(), kRepeatMs);
    this.tick();
    const typing = isTyping({ target: document.activeElement });
    this.show(); // what is focused has to be seen
    if (this.wanted && !typing) this.overlayPart.focus();
    this.wanted = false;
  }

  /** Whatever is held means nothing any more; neutral at once. */
  private letGo(): void {
    this.driver.letGo();
    this.tick();
  }

  /** … and its end may happen where nobody sees it: it has to be pressed anew. */
  private loseHold(): void {
    this.keys.releaseAll();
    this.stick.release();
    this.thumb.release();
    this.letGo();
  }

  private onVisibility(): void {
    const isHidden = document.visibilityState === 'hidden';
    this.hiddenSince = isHidden ? performance.now() : undefined;
    if (isHidden) this.loseHold();
  }

  private onPageHide(): void {
    this.loseHold();
    if (this.driver.drives) this.ports.send(kLeaseLabel, formatRelease());
  }

  private hurry(): void {
    const wait = this.lastSentAt + kLeastGapMs - performance.now();
    if (wait <= 0) return this.tick();
    this.hurried ??= window.setTimeout(() => {
      this.hurried = undefined;
      this.tick();
    }, wait);
  }

  private repeat(): void {
    if (performance.now() - this.lastSentAt >= kLeastGapMs) this.tick();
  }

  /** Gives the command that holds now. */
  private tick(): void {
    if (!this.driver.drives) return;
    const now = performance.now();
    if (this.hiddenSince !== undefined && now - this.hiddenSince > kAwayMs) {
      this.hiddenSince = undefined;
      return this.release();
    }
    const pad = this.pad.read();
    if (pad.loose) this.driver.letGo();
    const touched = [this.stick.read(), this.thumb.read()];
    const { axes, atRest } = together([this.keys.read(now), ...touched, pad]);
    const command = this.driver.next({
      ...{ now, atRest, wish: slowed(axes, this.panelPart.topSpeed) },
      clock: this.ports.serverTime(nowUs()),
      sawRtp: this.sight.rtp(now),
      blocked: this.model.blocked(this.here(now)) !== undefined,
    });
    if (!command || !this.ports.send(kControlLabel, formatCommand(command))) return;
    this.driver.onSent(now);
    this.lastSentAt = now;
  }

  private here(now: number): Here {
    return {
      now,
      mayDrive: this.rights.has('drive'),
      mayAdmin: this.rights.has('admin'),
      linked: this.isUp(),
      clockKnown: this.ports.serverTime(nowUs()) !== undefined,
      pictureAgeMs: this.sight.ageMs(now),
      focused: document.hasFocus(),
      armed: this.driver.isArmed,
    };
  }

  private show(): void {
    const now = performance.now();
    this.sendEmergency(now);
    if (!this.model.isKnown && this.overlay.hidden) return;
    const here = this.here(now);
    const view = this.model.view(here);
    this.overlayPart.show(view, here.linked);
    this.panelPart.show(view, here.linked, here.mayDrive);
    const hasStick = view.mine && hasThumbs();
    this.stick.element.hidden = !hasStick;
    this.thumb.show(view.mine, hasStick && !view.obstacle && !view.question);
    this.pad.show();
    this.showStatus(view);
  }

  private sendEmergency(now: number): void {
    const why = this.model.stopToSend(now);
    if (why === undefined || !this.ports.send(kLeaseLabel, formatEmergency(why))) return;
    this.model.stopSent(now);
  }

  private showStatus(view: DriveView): void {
    const { driver, delayMs } = view;
    this.status.hidden = false;
    const delay = delayMs === undefined ? kUnknown : milliseconds(delayMs);
    setText(this.status, driver ? `${whoDrives(view)} · ${delay}` : whoDrives(view));
  }
}

/** There is something to touch: now or later, on a laptop that has both. */
function hasThumbs(): boolean {
  return window.matchMedia('(any-pointer: coarse)').matches;
}
