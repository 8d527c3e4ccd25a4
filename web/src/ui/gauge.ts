import { type GaugeKind, kGaugeKinds, scaleFor, shareOf } from '../gauges.ts';
import { Plot } from '../plot.ts';
import { Series } from '../series.ts';
import { type Key, t } from '../text/text.ts';
import { reading } from '../words.ts';
import { h, setText } from './dom.ts';

const kSpanSeconds = 60;
const kMaxPoints = 4000;
const kSvg = 'http://www.w3.org/2000/svg';
/** A half circle, from left to right. */
const kArc = 'M10 50a40 40 0 0 1 80 0';

const kKindWords: Record<GaugeKind, Key> = {
  number: 'asNumber',
  bar: 'asBar',
  dial: 'asDial',
  plot: 'asPlot',
  nothing: 'asNothing',
};

/** What moves on a gauge. */
interface Hand {
  show(value: number, scale: readonly [number, number]): void;
}

/** One number of telemetry, shown as somebody chose. */
export class Gauge {
  readonly element: HTMLElement;
  private readonly series = new Series(kSpanSeconds, kMaxPoints);
  // Not an <output>: that is a live region, and would be read out five times a second.
  private readonly value = h('span', { class: 'value' });
  private readonly body = h('div', { class: 'body' });
  private readonly choice: HTMLSelectElement;
  private readonly ends = h('div', { class: 'ends', 'aria-hidden': 'true' });
  private low = 0;
  private high = 0;
  private plot: Plot | undefined;
  private hand: Hand | undefined;

  constructor(
    private readonly name: string,
    private shown: GaugeKind,
    onChoice: (kind: GaugeKind) => void,
  ) {
    const options = kGaugeKinds.map((each) => h('option', { value: each }, t(kKindWords[each])));
    this.choice = h('select', { 'aria-label': t('showAs', { name }) }, ...options);
    this.choice.value = shown;
    this.choice.addEventListener('change', () => {
      this.show(this.choice.value as GaugeKind);
      onChoice(this.shown);
    });
    const caption = h(
      'figcaption',
      {},
      h('span', { class: 'name', title: name }, name),
      this.value,
    );
    this.element = h('figure', { 'data-series': name }, caption, this.body, this.choice);
    this.show(shown);
  }

  get kind(): GaugeKind {
    return this.shown;
  }

  add(seconds: number, value: number): void {
    this.series.add(seconds, value);
    this.low = Math.min(this.low, value);
    this.high = Math.max(this.high, value);
  }

  /** Messages may have been missed since the last one. */
  interrupt(seconds: number): void {
    this.series.interrupt(seconds);
  }

  draw(seconds: number): void {
    const { latest } = this.series;
    this.plot?.draw(seconds);
    if (latest === undefined) return;
    setText(this.value, reading(latest));
    if (!this.hand) return;
    const scale = scaleFor(this.low, this.high);
    this.hand.show(latest, scale);
    const [from, to] = scale.map(reading);
    if (this.ends.dataset['of'] === `${from} ${to}`) return;
    this.ends.dataset['of'] = `${from} ${to}`;
    this.ends.replaceChildren(h('span', {}, from ?? ''), h('span', {}, to ?? ''));
  }

  private show(kind: GaugeKind): void {
    this.shown = this.element.dataset['kind'] = kind;
    this.plot?.end();
    this.plot = this.hand = undefined;
    this.body.replaceChildren();
    if (kind === 'plot') this.plot = new Plot(this.body, this.name, this.series);
    if (kind === 'bar' || kind === 'dial') {
      const [element, hand] = kind === 'bar' ? bar() : dial();
      this.hand = hand;
      this.body.append(element, this.ends);
    }
  }
}

function bar(): [HTMLElement, Hand] {
  const fill = h('div', { class: 'fill' });
  const show: Hand['show'] = (value, scale) => {
    const [zero, end] = [shareOf(0, scale), shareOf(value, scale)];
    fill.style.left = `${Math.min(zero, end) * 100}%`;
    fill.style.width = `${Math.abs(end - zero) * 100}%`;
  };
  return [h('div', { class: 'track', 'aria-hidden': 'true' }, fill), { show }];
}

function dial(): [SVGElement, Hand] {
  const svg = document.createElementNS(kSvg, 'svg');
  svg.setAttribute('viewBox', '0 0 100 56');
  svg.setAttribute('class', 'dial');
  svg.setAttribute('aria-hidden', 'true');
  const [track, fill] = ['track', 'fill'].map((name) => {
    const arc = document.createElementNS(kSvg, 'path');
    arc.setAttribute('class', name);
    arc.setAttribute('d', kArc);
    arc.setAttribute('pathLength', '1');
    return arc;
  }) as [SVGPathElement, SVGPathElement];
  const needle = document.createElementNS(kSvg, 'path');
  needle.setAttribute('class', 'needle');
  needle.setAttribute('d', 'M50 50H18');
  svg.append(track, fill, needle);
  const show: Hand['show'] = (value, scale) => {
    const [zero, end] = [shareOf(0, scale), shareOf(value, scale)];
    fill.setAttribute('stroke-dasharray', `${Math.abs(end - zero)} 2`);
    fill.setAttribute('stroke-dashoffset', String(-Math.min(zero, end)));
    needle.setAttribute('transform', `rotate(${end * 180} 50 50)`);
  };
  return [svg, { show }];
}
