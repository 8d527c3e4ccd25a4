// How the numbers of telemetry are shown, as people choose it.
import { asFields, parseJson } from './json.ts';

export const kGaugeKinds = ['number', 'bar', 'dial', 'plot', 'nothing'] as const;
export type GaugeKind = (typeof kGaugeKinds)[number];

/** So many are plotted without anybody's having chosen it. */
const kPlotted = 12;
/** More than a robot tells. */
const kMostChoices = 200;

/** What was chosen for each number, by its name. */
export class GaugeChoices {
  private readonly chosen = new Map<string, GaugeKind>();

  /** `kept` is what toText() gave; of anything else what makes sense is taken. */
  constructor(kept?: string) {
    for (const [name, kind] of Object.entries(asFields(parseJson(kept ?? '')) ?? {})) {
      const known = kGaugeKinds.find((each) => each === kind);
      if (known !== undefined) this.choose(name, known);
    }
  }

  /** How to show the number of that name, which was the `place`th to come, from 0. */
  kindOf(name: string, place: number): GaugeKind {
    return this.chosen.get(name) ?? (place < kPlotted ? 'plot' : 'number');
  }

  choose(name: string, kind: GaugeKind): void {
    if (this.chosen.size < kMostChoices || this.chosen.has(name)) this.chosen.set(name, kind);
  }

  toText(): string {
    return JSON.stringify(Object.fromEntries(this.chosen));
  }
}

/** The least 1, 2 or 5 times a power of ten that isn't less than `size`. */
function roundEnd(size: number): number {
  const power = Math.pow(10, Math.floor(Math.log10(size)));
  const end = [1, 2, 5, 10].find((digit) => digit * power >= size) ?? 10;
  // Not 0.30000000000000004.
  return Number((end * power).toPrecision(1));
}

/** The ends of a scale on which all values from `min` to `max` are, and 0; where there are both signs 0 is its middle. */
export function scaleFor(min: number, max: number): [from: number, to: number] {
  const low = Math.min(0, min);
  const high = Math.max(0, max);
  if (low === 0 && high === 0) return [0, 1];
  if (low === 0) return [0, roundEnd(high)];
  if (high === 0) return [-roundEnd(-low), 0];
  const end = roundEnd(Math.max(-low, high));
  return [-end, end];
}

/** Where on a scale a value is, from 0 to 1. */
export function shareOf(value: number, [from, to]: readonly [number, number]): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}
