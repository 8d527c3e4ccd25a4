import { kReportHoldsMs } from './driver.ts';
import {
  type CommandRefusal,
  type ControlMessage,
  type DriveNotice,
  type Emergency,
  type GateReport,
  kRefusals,
  kUsualSettings,
  type LeaseRefusal,
  type Member,
} from './messages.ts';

/** So long has somebody who drives to answer one that asks. */
export const kAskMs = 10_000;
/** A stop that the server doesn't confirm is sent again. */
const kStopAgainMs = 1000;
/** Germany's ordinance on remote driving: above this, slower. */
export const kLawfulDelayMs = 200;
/** Over how long it is counted which commands were dropped. */
const kTroubleMs = 1000;
/** So many of a second's commands make it worth telling. */
const kTroubleShare = 0.2;

/** Why the robot doesn't do what the one at this page wants. */
export type Obstacle =
  | 'no-connection'
  | 'emergency'
  | 'no-clock'
  | 'no-picture'
  | 'too-old'
  | 'robot-silent'
  | 'new-driver'
  | 'silence'
  | 'blind'
  | 'not-ready'
  | 'stopped'
  | 'unfocused'
  | 'let-go';

/** `pressed`: nobody has said yet that they know. `latched`: the server knows. `confirmed`: the robot says so. */
export type EmergencyState = 'none' | 'pressed' | 'latched' | 'confirmed';

export interface Refused extends LeaseRefusal {
  /** What was asked for. */
  of: 'lease' | 'clear';
}

/** What the page knows of itself. */
export interface Here {
  now: number;
  /** Its link lets it drive, take over and clear. */
  mayDrive: boolean;
  mayAdmin: boolean;
  /** Both data channels are open. */
  linked: boolean;
  clockKnown: boolean;
  /** How long the picture has been on the screen, in ms; undefined: there is none. */
  pictureAgeMs: number | undefined;
  focused: boolean;
  armed: boolean;
}

export interface DriveView {
  /** The server has said who drives, and there is a connection. */
  known: boolean;
  mine: boolean;
  driver: Member | undefined;
  gated: boolean;
  /** What may be done now. `ask`: the one who drives. */
  take: 'take' | 'ask' | undefined;
  takeOver: boolean;
  /** This page has asked, and waits for so long still, in ms. */
  waitingMs: number | undefined;
  /** Somebody asks this page, which has so long to answer. */
  question: { from: Member; leftMs: number } | undefined;
  /** Somebody asks the one who drives. */
  asking: Member | undefined;
  /** Why it didn't get the lease, or may not end the stop. */
  refused: Refused | undefined;
  /** Only while it drives. */
  obstacle: Obstacle | undefined;
  /** What befalls many of its commands. */
  trouble: CommandRefusal | undefined;
  /** For people, of a stop at the robot. */
  why: string;
  delayMs: number | undefined;
  tone: 'good' | 'busy' | 'bad';
  factor: number;
  emergency: EmergencyState;
  /** Who stopped it, and why; `mine`: it was somebody at this page. */
  stoppedBy: { mine: boolean; by: string; why: string };
  mayClear: boolean;
}

/** What is known of who drives, and what it means for this page. Times in ms of one clock. */
export class DriveModel {
  private notice: DriveNotice | undefined;
  private report: GateReport | undefined;
  private reportAt = -Infinity;
  private refused: Refused | undefined;
  /** What this page asked for last. */
  private asked: Refused['of'] = 'lease';
  /** The emergency stop that was pressed here. */
  private ownStop: Emergency | undefined;
  private requestedAt: number | undefined;
  private askingSince = 0;
  /** It drove when the connection was lost. */
  private lostLease = false;
  private pressed: { sentAt: number | undefined; why: string; again: boolean } | undefined;
  private counted: { at: number; lease: number; verdicts: ReadonlyMap<string, number> }[] = [];

  /** The server speaks control. */
  get isKnown(): boolean {
    return this.notice !== undefined;
  }

  onMessage(message: ControlMessage, now: number): void {
    switch (message.type) {
      case 'drive':
        return this.onNotice(message.notice, now);
      case 'gate':
        return this.onReport(message.report, now);
      case 'refused':
        this.refused = { ...message.refusal, of: this.asked };
        this.requestedAt = undefined;
    }
  }

  /** There is no connection any more; what it said counts no more. */
  forget(): void {
    if (this.notice) this.lostLease = this.notice.mine;
    this.notice = this.report = this.requestedAt = undefined;
    this.counted = [];
    if (this.pressed) this.pressed.sentAt = undefined;
  }

  requested(now: number): void {
    this.requestedAt = now;
    this.refused = undefined;
    this.asked = 'lease';
  }

  /** It wants to end the emergency stop. */
  clearing(): void {
    this.refused = undefined;
    this.asked = 'clear';
  }

  withdrawn(): void {
    this.requestedAt = undefined;
  }

  /** Somebody here has pressed the emergency stop: also while there is one, which may just be over. */
  press(why: string): void {
    this.pressed = { sentAt: undefined, why, again: this.notice?.emergency !== undefined };
  }

  /** The emergency stop that is to be sent now; again and again until the server knows. */
  stopToSend(now: number): string | undefined {
    const { pressed } = this;
    if (!pressed) return undefined;
    const due = pressed.sentAt === undefined || now - pressed.sentAt >= kStopAgainMs;
    return due ? pressed.why : undefined;
  }

  stopSent(now: number): void {
    if (this.pressed?.again) this.pressed = undefined;
    if (this.pressed) this.pressed.sentAt = now;
  }

  /** How long the picture may be on the screen while one drives by it, in ms. */
  get blindMs(): number {
    const { blind, allowBlind } = this.report?.settings ?? kUsualSettings;
    return allowBlind ? Infinity : blind;
  }

  view(here: Here): DriveView {
    const { now } = here;
    const notice = this.notice;
    const mine = notice?.mine === true;
    const other = notice?.driver !== undefined && !mine;
    const may = here.mayDrive && here.linked && notice !== undefined && !mine;
    const waitingMs = this.waitingMs(now);
    const report = this.freshReport(now);
    const delayMs = notice?.lease === report?.lease ? report?.delayMs : undefined;
    return {
      known: notice !== undefined && here.linked,
      mine,
      driver: notice?.driver,
      gated: notice?.gated === true,
      take: !may || waitingMs !== undefined ? undefined : other ? 'ask' : 'take',
      takeOver: may && other && here.mayAdmin,
      waitingMs,
      question: this.question(now),
      asking: mine ? undefined : notice?.asking,
      refused: this.refused,
      obstacle: mine || this.lostLease ? this.obstacle(here) : undefined,
      trouble: mine ? this.trouble(now) : undefined,
      why: report?.by ?? '',
      delayMs,
      tone: this.tone(delayMs),
      factor: report?.factor ?? 1,
      emergency: this.emergency(now),
      stoppedBy: this.stoppedBy(report),
      mayClear: here.mayAdmin && here.linked && this.emergency(now) !== 'none',
    };
  }

  private onNotice(notice: DriveNotice, now: number): void {
    if (notice.asking?.id !== this.notice?.asking?.id) this.askingSince = now;
    if (notice.mine) this.requestedAt = undefined;
    if (notice.mine && this.refused?.of === 'lease') this.refused = undefined;
    this.onEmergency(notice.emergency);
    this.lostLease = false;
    this.notice = notice;
  }

  private onEmergency(emergency: Emergency | undefined): void {
    const { pressed } = this;
    if (!emergency) {
      this.ownStop = undefined;
      if (this.refused?.of === 'clear') this.refused = undefined;
      return;
    }
    const isOwn = pressed?.sentAt !== undefined && pressed.why === emergency.why;
    if (isOwn && !this.notice?.emergency) this.ownStop = emergency;
    this.pressed = undefined;
  }

  private onReport(report: GateReport, now: number): void {
    // What was dropped while it had to be is no trouble afterwards.
    if (this.report && hadToDrop(this.report)) this.counted = [];
    this.report = report;
    this.reportAt = now;
    this.counted.push({ at: now, lease: report.lease, verdicts: report.verdicts });
    const since = now - kTroubleMs;
    while ((this.counted[1]?.at ?? Infinity) <= since) this.counted.shift();
  }

  private freshReport(now: number): GateReport | undefined {
    return now - this.reportAt <= kReportHoldsMs ? this.report : undefined;
  }

  private waitingMs(now: number): number | undefined {
    if (this.requestedAt === undefined) return undefined;
    return Math.max(0, this.requestedAt + kAskMs - now);
  }

  private question(now: number): DriveView['question'] {
    const { notice } = this;
    if (!notice?.mine || !notice.asking) return undefined;
    return { from: notice.asking, leftMs: Math.max(0, this.askingSince + kAskMs - now) };
  }

  private obstacle(here: Here): Obstacle | undefined {
    if (!here.linked || this.lostLease) return 'no-connection';
    if (this.emergency(here.now) !== 'none') return 'emergency';
    if (!here.clockKnown) return 'no-clock';
    const blocked = this.blocked(here);
    if (blocked) return blocked;
    return this.gateObstacle(here.now) ?? (here.armed ? undefined : 'let-go');
  }

  /** Why nothing may move, as far as this page can tell by itself. */
  blocked(here: Pick<Here, 'pictureAgeMs' | 'focused'>): Obstacle | undefined {
    if (this.blindMs !== Infinity) {
      if (here.pictureAgeMs === undefined) return 'no-picture';
      if (here.pictureAgeMs > this.blindMs) return 'too-old';
    }
    return here.focused ? undefined : 'unfocused';
  }

  private gateObstacle(now: number): Obstacle | undefined {
    if (!this.notice?.gated) return undefined;
    const report = this.freshReport(now);
    if (!report) return 'robot-silent';
    if (report.lease !== this.notice.lease) return 'new-driver';
    if (report.state === 'driven' || report.state === 'warned') return undefined;
    switch (report.reason) {
      case 'new-driver':
      case 'silence':
      case 'blind':
      case 'not-ready':
        return report.reason;
      default:
        return 'stopped';
    }
  }

  private trouble(now: number): CommandRefusal | undefined {
    const [first, last] = [this.counted[0], this.counted[this.counted.length - 1]];
    if (!first || !last || first.lease !== last.lease || now - last.at > kTroubleMs)
      return undefined;
    const more = (name: string) => (last.verdicts.get(name) ?? 0) - (first.verdicts.get(name) ?? 0);
    const all = [...last.verdicts.keys()].reduce((sum, name) => sum + Math.max(0, more(name)), 0);
    const worst = kRefusals.reduce((a, b) => (more(b) > more(a) ? b : a));
    return more(worst) > 0 && more(worst) >= kTroubleShare * all ? worst : undefined;
  }

  private tone(delayMs: number | undefined): DriveView['tone'] {
    if (delayMs === undefined || delayMs <= kLawfulDelayMs) return 'good';
    return delayMs <= (this.report?.settings ?? kUsualSettings).blind ? 'busy' : 'bad';
  }

  private emergency(now: number): EmergencyState {
    if (this.notice?.emergency) return this.notice.emergency.confirmed ? 'confirmed' : 'latched';
    if (this.pressed) return 'pressed';
    return this.freshReport(now)?.state === 'emergency' ? 'confirmed' : 'none';
  }

  private stoppedBy(report: GateReport | undefined): DriveView['stoppedBy'] {
    const emergency = this.notice?.emergency;
    if (!emergency) return { mine: false, by: '', why: report?.by ?? '' };
    const { by, why } = emergency;
    return { mine: by === this.ownStop?.by && why === this.ownStop.why, by, why };
  }
}

/** The robot was stopped by somebody, or not ready: no command could pass, whatever its path is like. */
function hadToDrop({ state, reason }: GateReport): boolean {
  return (
    state === 'emergency' || (state === 'stopped' && reason !== 'silence' && reason !== 'blind')
  );
}
