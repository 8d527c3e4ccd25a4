import uPlot from '../vendor/uplot/uPlot.esm.js';
import { type Series, valueRange } from './series.ts';
import { reading } from './words.ts';

const kSpanSeconds = 60;
const kHeight = 92;

/** A live plot of one number over the last minute. */
export class Plot {
  private readonly chart: uPlot;
  private readonly size: ResizeObserver;

  constructor(
    place: HTMLElement,
    name: string,
    private readonly series: Series,
  ) {
    this.chart = new uPlot(options(name, place.clientWidth), [[], []], place);
    this.size = new ResizeObserver(() => {
      if (place.clientWidth > 0) this.chart.setSize({ width: place.clientWidth, height: kHeight });
    });
    this.size.observe(place);
  }

  /** Nothing of it is there any more. */
  end(): void {
    this.size.disconnect();
    this.chart.destroy();
  }

  draw(nowSeconds: number): void {
    this.chart.setData([this.series.times, this.series.values], false);
    this.chart.setScale('x', { min: nowSeconds - kSpanSeconds, max: nowSeconds });
  }
}

function range(_: uPlot, min: number | null, max: number | null): uPlot.Range.MinMax {
  return min === null || max === null ? [0, 1] : valueRange(min, max);
}

function options(name: string, width: number): uPlot.Options {
  const color = (variable: string) => () =>
    getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
  const axis: uPlot.Axis = {
    stroke: color('--text-soft'),
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  const seconds = (at: number, now: number) => `${Math.round(at - now)} s`;
  return {
    width: Math.max(1, width),
    height: kHeight,
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    padding: [6, 10, 0, 0],
    scales: { x: { time: false }, y: { range } },
    series: [
      {},
      { label: name, stroke: color('--accent'), width: 1.5, points: { size: 4, show: sparse } },
    ],
    axes: [
      {
        ...axis,
        size: 20,
        gap: 2,
        splits: (plot) => lastMinute(plot.scales['x']?.max ?? 0),
        // Not at the left end, where the other axis has its lowest number.
        values: (plot, splits) =>
          splits.map((at, i) => (i === 0 ? '' : seconds(at, plot.scales['x']?.max ?? 0))),
      },
      { ...axis, size: 56, gap: 4, space: 18, values: (_, splits) => splits.map(reading) },
    ],
  };
}

function lastMinute(now: number): number[] {
  return [60, 45, 30, 15, 0].map((ago) => now - ago);
}

/** Single readings, a lap time say, would not show as a line. */
function sparse(plot: uPlot): boolean {
  return (plot.data[0]?.length ?? 0) < 24;
}
