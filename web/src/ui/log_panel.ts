import { t } from '../text/text.ts';
import { timeOfDay } from '../words.ts';
import { h, setText } from './dom.ts';

const kMostRows = 300;
const kMostCharacters = 2000;
const kDrawEveryMs = 100;

interface Entry {
  time: Date;
  label: string;
  text: string;
  sent: boolean;
}

/** The newest messages, those of this page included; older ones fall out. */
export class LogPanel {
  readonly element: HTMLElement;
  private readonly list = h('ol', {
    class: 'log',
    'data-testid': 'log',
    tabindex: '0',
    'aria-label': t('messages'),
  });
  private readonly pauseButton = h('button', { type: 'button' }, t('pause'));
  private readonly empty = h('li', { class: 'soft' }, t('noMessages'));
  private pending: Entry[] = [];
  private missed = 0;
  private paused = false;
  private drawTimer: number | undefined;

  constructor() {
    const clearButton = h('button', { type: 'button' }, t('clear'));
    const tools = h('div', { class: 'tools' }, this.pauseButton, clearButton);
    const head = h('div', { class: 'head' }, h('h2', {}, t('messages')), tools);
    this.element = h('section', { class: 'panel messages' }, head, this.list);
    this.list.append(this.empty);
    this.pauseButton.addEventListener('click', () => this.togglePause());
    clearButton.addEventListener('click', () => this.clear());
  }

  add(label: string, text: string, sent = false): void {
    this.empty.remove();
    this.pending.push({ time: new Date(), label, text, sent });
    if (this.pending.length > kMostRows) {
      this.pending.shift();
      this.missed++;
    }
    if (this.paused) this.showPause();
    else this.drawTimer ??= window.setTimeout(() => this.draw(), kDrawEveryMs);
  }

  private draw(): void {
    this.drawTimer = undefined;
    if (this.paused) return;
    const { list } = this;
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 24;
    list.append(...this.pending.map(row));
    this.pending = [];
    while (list.childElementCount > kMostRows) list.firstElementChild?.remove();
    // Who scrolled up is reading.
    if (atEnd) list.scrollTop = list.scrollHeight;
  }

  private togglePause(): void {
    this.paused = !this.paused;
    this.missed = 0;
    this.showPause();
    this.draw();
  }

  private showPause(): void {
    const waiting = this.pending.length + this.missed;
    const resume = waiting > 0 ? t('resumeNew', { count: waiting }) : t('resume');
    setText(this.pauseButton, this.paused ? resume : t('pause'));
  }

  private clear(): void {
    this.pending = [];
    this.missed = 0;
    this.list.replaceChildren(this.empty);
    this.showPause();
  }
}

function row({ time, label, text, sent }: Entry): HTMLLIElement {
  const cut = text.length > kMostCharacters ? `${text.slice(0, kMostCharacters)} …` : text;
  return h(
    'li',
    sent ? { class: 'sent' } : {},
    h('time', {}, timeOfDay(time)),
    h('span', { class: 'label' }, sent ? `→ ${label}` : label),
    cut,
  );
}
