// What is said on the data channels `rtcpub.control` and `rtcpub.lease` (docs/protocol.md).
import { asFields, asNumber, asString, type Fields, parseJson } from '../json.ts';

export const kControlLabel = 'rtcpub.control';
export const kLeaseLabel = 'rtcpub.lease';

/** Why somebody at this page stops a robot: to whom it is shown by another page reads it in their language. */
export const kConsoleWhy = 'pressed in the console';

/** What is longer isn't read. */
const kMostCharacters = 4096;
const kMostNameCharacters = 100;
const kMostWordsCharacters = 300;
const kMostVerdicts = 32;

export const kGateStates = ['idle', 'stopped', 'driven', 'warned', 'emergency'] as const;
export type GateState = (typeof kGateStates)[number];

export const kStopReasons = [
  ...(['nobody', 'new-driver', 'silence', 'blind', 'emergency', 'not-ready'] as const),
] as const;
/** '': it gives no neutral. `other`: this page doesn't know why. */
export type StopReason = (typeof kStopReasons)[number] | '' | 'other';

export const kRefusals = [
  ...(['expired', 'out-of-order', 'other-lease', 'future', 'not-neutral'] as const),
  ...(['emergency', 'blind', 'not-ready', 'no-clock', 'malformed'] as const),
] as const;
/** Why a robot's gate drops a command. */
export type CommandRefusal = (typeof kRefusals)[number];

/** What a gate goes by; its robot's owner sets it. Milliseconds. */
export interface GateSettings {
  life: number;
  warn: number;
  stop: number;
  blind: number;
  allowBlind: boolean;
}

/** A robot's that has told nothing yet, or has no gate. */
export const kUsualSettings: GateSettings = {
  ...{ life: 150, warn: 100, stop: 200, blind: 600 },
  allowBlind: false,
};

/** What a robot's gate says of itself. */
export interface GateReport {
  state: GateState;
  reason: StopReason;
  /** In force; 0: none. */
  lease: number;
  /** The newest command that was accepted; 0: none yet. */
  sequence: number;
  /** That command's loop delay, in ms. */
  delayMs: number | undefined;
  /** What is left of the top speed, 0 to 1. */
  factor: number;
  /** How many commands of the lease met which verdict. */
  verdicts: ReadonlyMap<string, number>;
  stops: number;
  /** Who stopped it, and why; '' unless it is latched. */
  by: string;
  settings: GateSettings;
}

export interface Member {
  id: number;
  /** '': nobody said. */
  name: string;
}

export interface Emergency {
  by: string;
  why: string;
  /** The robot says that it stands still. */
  confirmed: boolean;
}

/** Who drives, as the server says. */
export interface DriveNotice {
  /** In force; 0: nobody drives. */
  lease: number;
  driver: Member | undefined;
  /** This page drives. */
  mine: boolean;
  /** Who wants to. */
  asking: Member | undefined;
  /** The robot has a gate. */
  gated: boolean;
  emergency: Emergency | undefined;
}

export interface LeaseRefusal {
  code: string;
  message: string;
}

export type ControlMessage =
  | { type: 'gate'; report: GateReport }
  | { type: 'drive'; notice: DriveNotice }
  | { type: 'refused'; refusal: LeaseRefusal };

/** Reads one text of the server's; undefined for what isn't understood, or is meant for robots. */
export function parseControl(text: string): ControlMessage | undefined {
  if (text.length > kMostCharacters) return undefined;
  const fields = asFields(parseJson(text));
  if (!fields || Object.keys(fields).length !== 1) return undefined;
  const report = asFields(fields['gate']);
  if (report) return parseReport(report);
  const notice = asFields(fields['drive']);
  if (notice) return parseNotice(notice);
  const refusal = asFields(fields['refused']);
  return refusal && parseRefusal(refusal);
}

/** What a driver wants, -1 to 1 each: 1 is right, and forward. */
export interface Axes {
  steering: number;
  throttle: number;
}

export const kNeutral: Axes = { steering: 0, throttle: 0 };

export interface Command {
  lease: number;
  sequence: number;
  /** When it was given, by the server's clock, and by how much that may be wrong. */
  givenUs: number;
  boundUs: number;
  lifeMs: number;
  axes: Axes;
  /** The picture on the driver's screen. */
  sawRtp: number | undefined;
}

export function formatCommand(command: Command): string {
  const { lease, sequence: seq, lifeMs: life, axes, sawRtp: rtp } = command;
  const given = Math.round(command.givenUs);
  const bound = Math.ceil(command.boundUs);
  const steps = Object.entries(axes).map(([axis, value]) => [
    axis,
    Math.round(value * 1000) / 1000,
  ]);
  const moving = Object.fromEntries(steps.filter(([, value]) => value !== 0));
  const saw = rtp === undefined ? {} : { saw: { rtp } };
  return JSON.stringify({ command: { lease, seq, given, bound, life, axes: moving, ...saw } });
}

export const formatRequest = (takeOver: boolean) =>
  JSON.stringify({ request: takeOver ? { take_over: true } : {} });
export const formatRelease = () => JSON.stringify({ release: {} });
export const formatReply = (to: number, give: boolean) => JSON.stringify({ reply: { to, give } });
export const formatEmergency = (why: string) => JSON.stringify({ estop: { why } });
export const formatClear = () => JSON.stringify({ clear: {} });

function parseReport(fields: Fields): ControlMessage | undefined {
  const state = kGateStates.find((name) => name === fields['state']);
  const lease = asCount(fields['lease']);
  if (!state || lease === undefined) return undefined;
  const delayMs = asNumber(fields['delay']);
  const factor = asNumber(fields['factor']) ?? 1;
  return {
    type: 'gate',
    report: {
      ...{ state, lease, reason: asReason(fields['reason']) },
      sequence: asCount(fields['seq']) ?? 0,
      delayMs: delayMs !== undefined && delayMs >= 0 ? delayMs : undefined,
      factor: Math.min(1, Math.max(0, factor)),
      verdicts: asCounts(asFields(fields['verdicts']) ?? {}),
      stops: asCount(fields['stops']) ?? 0,
      by: asWords(fields['by'], kMostWordsCharacters),
      settings: asSettings(asFields(fields['settings']) ?? {}),
    },
  };
}

function parseNotice(fields: Fields): ControlMessage | undefined {
  const lease = asCount(fields['lease']);
  if (lease === undefined) return undefined;
  const driver = asMember(fields['driver']);
  const emergency = asFields(fields['emergency']);
  return {
    type: 'drive',
    notice: {
      ...{ lease, driver },
      mine: lease > 0 && fields['mine'] === true,
      asking: asMember(fields['asking']),
      gated: fields['gated'] === true,
      emergency: emergency && {
        by: asWords(emergency['by'], kMostNameCharacters),
        why: asWords(emergency['why'], kMostWordsCharacters),
        confirmed: emergency['confirmed'] === true,
      },
    },
  };
}

function parseRefusal(fields: Fields): ControlMessage | undefined {
  const code = asString(fields['code']);
  if (code === undefined) return undefined;
  const message = asWords(fields['message'], kMostWordsCharacters);
  return { type: 'refused', refusal: { code, message } };
}

function asMember(value: unknown): Member | undefined {
  const fields = asFields(value);
  const id = asCount(fields?.['id']);
  if (id === undefined) return undefined;
  return { id, name: asWords(fields?.['name'], kMostNameCharacters) };
}

function asSettings(fields: Fields): GateSettings {
  const within = (name: string, usual: number, least: number, most: number) =>
    Math.min(most, Math.max(least, asNumber(fields[name]) ?? usual));
  const { life, warn, stop, blind } = kUsualSettings;
  return {
    life: within('life', life, 20, 1000),
    warn: within('warn', warn, 20, 2000),
    stop: within('stop', stop, 50, 2000),
    blind: within('blind', blind, 100, 10_000),
    allowBlind: fields['allow_blind'] === true,
  };
}

function asReason(value: unknown): StopReason {
  if (value === '' || value === undefined) return '';
  return kStopReasons.find((name) => name === value) ?? 'other';
}

function asCounts(fields: Fields): ReadonlyMap<string, number> {
  const counts = Object.entries(fields).slice(0, kMostVerdicts);
  return new Map(
    counts.flatMap(([name, value]): [string, number][] => {
      const count = asCount(value);
      return count === undefined ? [] : [[name, count]];
    }),
  );
}

function asCount(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

/** Of a stranger, for people: one line, without what turns the writing's direction. */
function asWords(value: unknown, most: number): string {
  const text = (asString(value) ?? '').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ').trim();
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : text;
}
