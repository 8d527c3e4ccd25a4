import { withoutDeadZone } from './gamepad.ts';
import type { Axes } from './messages.ts';

/** A thumb is never quite in the middle. */
const kDeadZone = 0.12;

/** What a thumb means that has moved so far, in pixels, from the middle of a stick of this radius. */
export function stickAxes(dx: number, dy: number, radius: number): Axes {
  if (!(radius > 0)) return { steering: 0, throttle: 0 };
  return {
    steering: withoutDeadZone(dx / radius, kDeadZone),
    throttle: withoutDeadZone(-dy / radius, kDeadZone),
  };
}
