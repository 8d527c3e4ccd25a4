// States of driving in words.
import { type Key, t } from '../text/text.ts';
import { kUnknown } from '../words.ts';
import { type CommandRefusal, kConsoleWhy, type Member } from './messages.ts';
import type { DriveView, EmergencyState, Obstacle, Refused } from './model.ts';

const kObstacles: Record<Obstacle, Key> = {
  'no-connection': 'driveOffline',
  emergency: 'driveEmergency',
  'no-clock': 'driveNoClock',
  'no-picture': 'driveNoPicture',
  'too-old': 'driveTooOld',
  'robot-silent': 'driveRobotSilent',
  'new-driver': 'driveNewDriver',
  silence: 'driveSilence',
  blind: 'driveBlind',
  'not-ready': 'driveNotReady',
  stopped: 'driveStoppedAtRobot',
  unfocused: 'driveUnfocused',
  'let-go': 'driveLetGo',
};

const kTroubles: Record<CommandRefusal, Key> = {
  expired: 'driveExpired',
  'out-of-order': 'driveOutOfOrder',
  'other-lease': 'driveOtherLease',
  future: 'driveFuture',
  'not-neutral': 'driveNotNeutral',
  emergency: 'driveEmergencyDrops',
  blind: 'driveBlindDrops',
  'not-ready': 'driveNotReadyDrops',
  'no-clock': 'driveNoClockDrops',
  malformed: 'driveMalformed',
};

const kLeaseRefusals: ReadonlyMap<string, Key> = new Map([
  ['no-right', 'driveNoRight'],
  ['taken', 'driveTaken'],
  ['busy', 'driveBusy'],
  ['declined', 'driveDeclined'],
  ['no-answer', 'driveNoAnswer'],
  ['no-publisher', 'driveNoPublisher'],
  ['not-admin', 'driveNotAdmin'],
  ['not-driver', 'driveNotDriver'],
]);

const kEmergencyButton: Record<EmergencyState, Key> = {
  none: 'driveEmergency',
  pressed: 'driveStopping',
  latched: 'driveStopping',
  confirmed: 'driveStopped',
};

/** A member's name within a sentence. */
export const nameOf = (member: Member | undefined) => member?.name || t('driveSomebody');
const nameFirst = (member: Member | undefined) => member?.name || t('driveSomebodyFirst');

export function whoDrives(view: DriveView): string {
  if (!view.known) return kUnknown;
  if (view.mine) return t('driveYou');
  return view.driver ? t('driveOther', { name: nameFirst(view.driver) }) : t('driveNobody');
}

/** What somebody wants of the one who drives; '' when nobody does. */
export function whoAsks({ mine, question, asking, driver, waitingMs }: DriveView): string {
  if (mine && question) return t('driveAsks', { name: nameFirst(question.from) });
  if (!asking || waitingMs !== undefined) return '';
  return t('driveAsksOther', { name: nameFirst(asking), driver: nameOf(driver) });
}

export function waitingFor({ driver }: DriveView): string {
  return driver ? t('driveAsked', { name: nameOf(driver) }) : t('driveRequesting');
}

export const secondsLeft = (ms: number) => t('driveSeconds', { seconds: Math.ceil(ms / 1000) });

/** Why the robot doesn't do what one wants; what becomes of one's commands; '' when all is well. */
export function whyNot({ obstacle, trouble, why }: DriveView): string {
  if (!obstacle) return trouble ? t(kTroubles[trouble]) : '';
  const words = t(kObstacles[obstacle]);
  return obstacle === 'not-ready' && why ? `${words} ${why}` : words;
}

/** The same where there is little room. */
export function isLocked({ obstacle }: DriveView): boolean {
  return obstacle === 'too-old' || obstacle === 'blind' || obstacle === 'no-picture';
}

/** Why one didn't get what one asked for; the server's own words where this page knows none. */
export function whyRefused({ code, message, of }: Refused): string {
  if (of === 'clear') return t('driveMayNotClear');
  const key = kLeaseRefusals.get(code);
  return key ? t(key) : message;
}

export const emergencyButton = (state: EmergencyState) => t(kEmergencyButton[state]);

/** How far the emergency stop has come; '' when there is none. */
export function emergencyWords(view: DriveView, linked: boolean): string {
  const { emergency, gated, mayClear } = view;
  if (emergency === 'none') return '';
  if (emergency === 'pressed') return t(linked ? 'drivePressed' : 'drivePressedOffline');
  const latched = gated ? 'driveLatched' : 'driveLatchedNoGate';
  return [
    t(emergency === 'confirmed' ? 'driveConfirmed' : latched),
    stoppedBy(view),
    mayClear ? '' : t('driveClearing'),
  ]
    .filter(Boolean)
    .join(' ');
}

/** A member without a name is one by its number; to the page that stopped it is oneself. */
function stoppedBy({ stoppedBy: { mine, by, why } }: DriveView): string {
  const number = /^member (\d+)$/.exec(by)?.[1];
  const who = mine ? t('driveYourself') : number ? t('driveMember', { number }) : by;
  const reason = why === kConsoleWhy ? t('driveEmergencyWhy') : why;
  if (who && reason) return t('driveStoppedByWhy', { by: who, why: reason });
  return who || reason ? t('driveStoppedBy', { by: who || reason }) : '';
}

export function cap({ factor }: DriveView): string {
  return factor < 1 ? t('driveCap', { percent: Math.round(factor * 100) }) : '';
}
