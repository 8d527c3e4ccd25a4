import type { Axes } from './messages.ts';

/** What one thing says that one drives with. */
export interface Input {
  axes: Axes;
  atRest: boolean;
}

/** All together: the strongest on each axis counts, and all are at rest when each is. */
export function together(inputs: readonly Input[]): Input {
  const strongest = (axis: keyof Axes) =>
    inputs.reduce(
      (most, { axes }) => (Math.abs(axes[axis]) > Math.abs(most) ? axes[axis] : most),
      0,
    );
  return {
    axes: { steering: strongest('steering'), throttle: strongest('throttle') },
    atRest: inputs.every(({ atRest }) => atRest),
  };
}

/** The same with a lower top speed, a share of all that there is. */
export function slowed({ steering, throttle }: Axes, topSpeed: number): Axes {
  return { steering, throttle: throttle * topSpeed };
}
