import { readings } from '../metrics.ts';
import { Plot } from '../plot.ts';
import { reading } from '../words.ts';
import { h, setText } from './dom.ts';

const kMostPlots = 12;
const kDrawEveryMs = 200;

/** One small plot for each number in `metric` messages: their units and sizes have nothing in common. */
export class PlotPanel {
  readonly element = h('section', { class: 'panel plots', 'data-testid': 'plot', hidden: true });
  private readonly grid = h('div', { class: 'grid' });
  private readonly more = h('p', { class: 'soft', hidden: true });
  private readonly plots = new Map<string, { plot: Plot; value: HTMLElement }>();
  private readonly left = new Set<string>();

  constructor() {
    const head = h('div', { class: 'head' }, h('h2', {}, 'Telemetry'));
    this.element.append(head, this.grid, this.more);
    window.setInterval(() => this.draw(), kDrawEveryMs);
  }

  /** Takes the text of a message on `metric`. */
  add(text: string): void {
    const now = performance.now() / 1000;
    for (const [name, value] of readings(text)) this.plotFor(name)?.add(now, value);
  }

  /** Messages may have been missed since the last one. */
  interrupt(): void {
    const now = performance.now() / 1000;
    for (const { plot } of this.plots.values()) plot.interrupt(now);
  }

  private plotFor(name: string): Plot | undefined {
    const known = this.plots.get(name);
    if (known) return known.plot;
    if (this.plots.size === kMostPlots) {
      this.leave(name);
      return undefined;
    }
    this.element.hidden = false;
    // Not an <output>: that is a live region, and would be read out five times a second.
    const value = h('span', { class: 'value' });
    const place = h('div', { class: 'place' });
    const caption = h('figcaption', {}, h('span', { class: 'name', title: name }, name), value);
    this.grid.append(h('figure', { 'data-series': name }, caption, place));
    const plot = new Plot(place, name);
    this.plots.set(name, { plot, value });
    return plot;
  }

  private leave(name: string): void {
    if (this.left.size > 1000) return;
    this.left.add(name);
    this.more.hidden = false;
    const fields = this.left.size === 1 ? 'field isn’t' : 'fields aren’t';
    setText(this.more, `${this.left.size} more numeric ${fields} plotted; see the messages.`);
  }

  private draw(): void {
    if (document.visibilityState !== 'visible') return;
    const now = performance.now() / 1000;
    for (const { plot, value } of this.plots.values()) {
      plot.draw(now);
      setText(value, plot.latest === undefined ? '' : reading(plot.latest));
    }
  }
}
