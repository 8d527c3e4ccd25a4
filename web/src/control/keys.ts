// The keys by which one drives. By place, not by letter: W A S D are where they are, whatever is written on them.
import type { Axes } from './messages.ts';
import { Ramp } from './ramp.ts';

export type DriveKey = 'forward' | 'back' | 'left' | 'right';

const kDriveKeys: ReadonlyMap<string, DriveKey> = new Map([
  ...([
    ['ArrowUp', 'forward'],
    ['ArrowDown', 'back'],
  ] as const),
  ...([
    ['ArrowLeft', 'left'],
    ['ArrowRight', 'right'],
  ] as const),
  ...([
    ['KeyW', 'forward'],
    ['KeyS', 'back'],
    ['KeyA', 'left'],
    ['KeyD', 'right'],
  ] as const),
]);
/** `KeyboardEvent.code` of the key that stops. */
export const kStopKey = 'Space';
/** … and of the emergency stop's. */
export const kEmergencyKey = 'KeyX';

/** Which way the key drives, by its `KeyboardEvent.code`. */
export function driveKey(code: string): DriveKey | undefined {
  return kDriveKeys.get(code);
}

/** The keys that are held, and what they mean: softly on, off at once, and nothing with the one that stops. Times in ms. */
export class Keys {
  private readonly held = new Set<string>();
  private readonly steering = new Ramp({ first: 0.3, fullAfterMs: 250 });
  private readonly throttle = new Ramp({ first: 0.3, fullAfterMs: 500 });

  press(code: string): void {
    if (driveKey(code) || code === kStopKey) this.held.add(code);
  }

  release(code: string): void {
    this.held.delete(code);
  }

  releaseAll(): void {
    this.held.clear();
  }

  get atRest(): boolean {
    return this.held.size === 0;
  }

  /** Opposite keys are none. */
  read(now: number): Axes {
    const stopped = this.held.has(kStopKey);
    const has = (key: DriveKey) =>
      !stopped && [...this.held].some((code) => driveKey(code) === key);
    const wish = (more: DriveKey, less: DriveKey) => Number(has(more)) - Number(has(less));
    return {
      steering: this.steering.follow(wish('right', 'left'), now),
      throttle: this.throttle.follow(wish('forward', 'back'), now),
    };
  }
}
