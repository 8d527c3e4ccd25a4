import type { ServerTime } from '../clock.ts';
import {
  type Axes,
  type Command,
  type DriveNotice,
  type GateReport,
  kNeutral,
  kUsualSettings,
} from './messages.ts';

/**
 * Where no command went out for so long, the page or its path was held up: the robot has stopped, and
 * what was held then may have been let go meanwhile.
 */
const kHeldUpMs = 200;
/** A gate says something ten times a second while somebody drives. */
export const kReportHoldsMs = 1500;

/** What a command is made of. */
export interface Situation {
  /** In ms of any clock that doesn't go back. */
  now: number;
  /** What all keys, sticks and triggers together mean. */
  wish: Axes;
  /** None of them is moved. */
  atRest: boolean;
  /** The server's clock at `now`; undefined while it isn't known. */
  clock: ServerTime | undefined;
  /** The picture on the screen. */
  sawRtp: number | undefined;
  /** Nothing may move: the picture is too old, or nobody is at the page. */
  blocked: boolean;
}

/**
 * Gives the commands of the lease, one each time it is asked. All are neutral until the robot's gate
 * lets commands pass and everything was at rest since; and again after each stop, and each time
 * something was let go.
 */
export class Driver {
  /** 0: somebody else's, or nobody's. */
  private lease = 0;
  /** The newest that was this page's. */
  private latest = 0;
  private gated = false;
  private sequence = 0;
  private armed = false;
  private sentAt: number | undefined;
  private emergency = false;
  private report: GateReport | undefined;
  private reportAt = -Infinity;
  /** No command but neutral ones any more in this lease; `given` may come to nothing. */
  private finishing: 'released' | 'given' | undefined;

  /** What the server says of the lease; undefined: there is no connection any more. */
  onNotice(notice: DriveNotice | undefined): void {
    const lease = notice?.mine ? notice.lease : 0;
    this.gated = notice?.gated === true;
    if (lease !== this.lease) this.begin(lease);
    if (this.finishing === 'given' && !notice?.asking) this.finishing = undefined;
    if (!notice) this.report = undefined;
    this.emergency = notice?.emergency !== undefined;
  }

  onReport(report: GateReport, now: number): void {
    this.report = report;
    this.reportAt = now;
  }

  /** Whatever is held means nothing any more, until all is at rest. */
  letGo(): void {
    this.armed = false;
  }

  /** The lease is being given back. */
  finish(): void {
    this.finishing = 'released';
    this.armed = false;
  }

  /** It is being given to the one who asks, unless that one is gone. */
  give(): void {
    this.finishing = 'given';
    this.armed = false;
  }

  /** What is held counts. */
  get isArmed(): boolean {
    return this.armed;
  }

  get drives(): boolean {
    return this.lease !== 0;
  }

  /** The command to send now; undefined while one doesn't drive, or the server's clock isn't known. */
  next(situation: Situation): Command | undefined {
    const { wish, clock, sawRtp } = situation;
    if (this.lease === 0) return undefined;
    this.judge(situation);
    if (!clock) return undefined;
    return {
      lease: this.lease,
      sequence: this.sequence + 1,
      givenUs: clock.serverUs,
      boundUs: clock.boundUs,
      lifeMs: (this.report?.settings ?? kUsualSettings).life,
      axes: this.armed ? wish : kNeutral,
      sawRtp,
    };
  }

  /** The command that next() has made is on its way. */
  onSent(now: number): void {
    this.sentAt = now;
    this.sequence++;
  }

  private begin(lease: number): void {
    this.lease = lease;
    this.armed = false;
    this.finishing = undefined;
    this.sentAt = undefined;
    if (lease === 0 || lease === this.latest) return; // the same, after a break
    this.latest = lease;
    this.sequence = 0;
  }

  private judge({ now, atRest, blocked, clock }: Situation): void {
    const heldUp = this.sentAt !== undefined && now - this.sentAt > kHeldUpMs;
    const stopped = this.emergency || this.finishing !== undefined || !this.passes(now);
    if (blocked || heldUp || stopped || !clock) this.armed = false;
    else if (atRest) this.armed = true;
  }

  /** Whether the robot's gate lets commands of this lease pass, as far as is known here. */
  private passes(now: number): boolean {
    if (!this.gated) return true;
    const { report } = this;
    if (!report || report.lease !== this.lease || now - this.reportAt > kReportHoldsMs)
      return false;
    return report.state === 'driven' || report.state === 'warned';
  }
}
