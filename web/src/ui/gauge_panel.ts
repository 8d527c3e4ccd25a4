import { GaugeChoices } from '../gauges.ts';
import { keep, recall } from '../kept.ts';
import { readings } from '../metrics.ts';
import { t } from '../text/text.ts';
import { h, setText } from './dom.ts';
import { Gauge } from './gauge.ts';

const kMostGauges = 48;
const kDrawEveryMs = 200;

/** One gauge for each number in `metric` messages: their units and sizes have nothing in common. */
export class GaugePanel {
  readonly element: HTMLElement;
  private readonly grid = h('div', { class: 'grid' });
  private readonly note = h('p', { class: 'soft' });
  private readonly chooseButton = h(
    'button',
    { type: 'button', 'aria-pressed': 'false' },
    t('choose'),
  );
  private readonly gauges = new Map<string, Gauge>();
  private readonly left = new Set<string>();
  private readonly choices: GaugeChoices;
  private readonly keptAs: string;

  /** What is chosen is kept for each channel. */
  constructor(channel: string) {
    this.keptAs = `rtcpub.gauges.${channel}`;
    this.choices = new GaugeChoices(recall(this.keptAs));
    const tools = h('div', { class: 'tools' }, this.chooseButton);
    const head = h('div', { class: 'head' }, h('h2', {}, t('telemetry')), tools);
    const attributes = { class: 'panel gauges', 'data-testid': 'plot', hidden: true };
    this.element = h('section', attributes, head, this.grid, this.note);
    this.chooseButton.addEventListener('click', () => this.toggleChoosing());
    window.setInterval(() => this.draw(), kDrawEveryMs);
  }

  /** Takes the text of a message on `metric`. */
  add(text: string): void {
    const now = performance.now() / 1000;
    for (const [name, value] of readings(text)) this.gaugeFor(name)?.add(now, value);
  }

  /** Messages may have been missed since the last one. */
  interrupt(): void {
    const now = performance.now() / 1000;
    for (const gauge of this.gauges.values()) gauge.interrupt(now);
  }

  private gaugeFor(name: string): Gauge | undefined {
    const known = this.gauges.get(name);
    if (known) return known;
    if (this.gauges.size === kMostGauges) {
      if (this.left.size < 1000) this.left.add(name);
      this.showNote();
      return undefined;
    }
    this.element.hidden = false;
    const kind = this.choices.kindOf(name, this.gauges.size);
    const gauge = new Gauge(name, kind, (chosen) => {
      this.choices.choose(name, chosen);
      keep(this.keptAs, this.choices.toText());
      this.showNote();
    });
    this.gauges.set(name, gauge);
    this.grid.append(gauge.element);
    this.showNote();
    return gauge;
  }

  private toggleChoosing(): void {
    const choosing = this.element.toggleAttribute('data-choosing');
    this.chooseButton.setAttribute('aria-pressed', String(choosing));
  }

  private showNote(): void {
    const count = this.left.size;
    const isEmpty = [...this.gauges.values()].every(({ kind }) => kind === 'nothing');
    if (count > 0)
      setText(this.note, count === 1 ? t('oneFieldLeft') : t('manyFieldsLeft', { count }));
    else setText(this.note, isEmpty ? t('allHidden') : '');
  }

  private draw(): void {
    if (document.visibilityState !== 'visible') return;
    const now = performance.now() / 1000;
    for (const gauge of this.gauges.values()) {
      if (gauge.kind !== 'nothing') gauge.draw(now);
    }
  }
}
