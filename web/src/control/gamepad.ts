// What a gamepad means (W3C Gamepad). Pure: what a browser tells of one goes in.
import { asFields, asNumber } from '../json.ts';
import type { Axes } from './messages.ts';

/** What is read of a `Gamepad`. */
export interface Pad {
  readonly id: string;
  readonly connected: boolean;
  /** `standard`: its buttons and axes are where the W3C says. */
  readonly mapping: string;
  readonly axes: readonly number[];
  readonly buttons: readonly { readonly pressed: boolean; readonly value: number }[];
}

/** Right trigger forward, left one back: the standard mapping's. */
const kForwardTrigger = 7;
const kBackTrigger = 6;
const kTriggerAtRest = 0.05;

export interface PadSettings {
  /** The axis that steers; right is 1. */
  steering: number;
  /** The axis that drives, whose 1 is towards the driver; `triggers`: these do. */
  throttle: number | 'triggers';
  /** So much of an axis's way counts as none, 0 to 0.5. */
  deadZone: number;
  /** The button that has to be held for anything to move; undefined: none. */
  hold: number | undefined;
}

/** What suits a gamepad of this mapping. */
export function usualPadSettings(mapping: string): PadSettings {
  const throttle = mapping === 'standard' ? 'triggers' : 1;
  return { steering: 0, throttle, deadZone: 0.12, hold: undefined };
}

/** Of what was kept by an earlier page; what can't be is as usual. */
export function readPadSettings(kept: unknown, usual: PadSettings): PadSettings {
  const fields = asFields(kept);
  if (!fields) return usual;
  const index = (name: string) => {
    const value = asNumber(fields[name]);
    return value !== undefined && Number.isInteger(value) && value >= 0 && value < 32
      ? value
      : undefined;
  };
  const deadZone = asNumber(fields['deadZone']) ?? usual.deadZone;
  return {
    steering: index('steering') ?? usual.steering,
    throttle:
      fields['throttle'] === 'triggers' ? 'triggers' : (index('throttle') ?? usual.throttle),
    deadZone: Math.min(0.5, Math.max(0, deadZone)),
    hold: index('hold'),
  };
}

export interface PadReading {
  axes: Axes;
  /** Nothing of it is moved. */
  atRest: boolean;
  /** It is moved while the button isn't held that has to be: nobody means that. */
  loose: boolean;
}

/** Beyond the dead zone an axis begins at 0; whatever isn't a number is 0. */
export function withoutDeadZone(value: number, deadZone: number): number {
  if (!Number.isFinite(value)) return 0;
  const size = (Math.min(1, Math.abs(value)) - deadZone) / (1 - deadZone);
  return size > 0 ? Math.sign(value) * size : 0;
}

export function readPad(pad: Pad, settings: PadSettings): PadReading {
  const axis = (at: number) => withoutDeadZone(pad.axes[at] ?? 0, settings.deadZone);
  const trigger = (at: number) => {
    const value = pad.buttons[at]?.value ?? 0;
    return Number.isFinite(value) && value > kTriggerAtRest ? Math.min(1, value) : 0;
  };
  const throttle =
    settings.throttle === 'triggers'
      ? trigger(kForwardTrigger) - trigger(kBackTrigger)
      : -axis(settings.throttle);
  // Adding 0 makes -0 a plain one.
  const moved = { steering: axis(settings.steering) + 0, throttle: throttle + 0 };
  const triggersAtRest =
    settings.throttle !== 'triggers' ||
    (trigger(kForwardTrigger) === 0 && trigger(kBackTrigger) === 0);
  const atRest = moved.steering === 0 && moved.throttle === 0 && triggersAtRest;
  const held = settings.hold === undefined || pad.buttons[settings.hold]?.pressed === true;
  const axes = held ? moved : { steering: 0, throttle: 0 };
  return { axes, atRest, loose: !held && !atRest };
}

/** The gamepad that is used: the one before while it is there, else the first that is. */
export function choosePad<P extends Pad & { readonly index: number }>(
  pads: readonly (P | null)[],
  before: number | undefined,
): P | undefined {
  const there = pads.filter((pad) => pad?.connected) as P[];
  return there.find(({ index }) => index === before) ?? there[0];
}
