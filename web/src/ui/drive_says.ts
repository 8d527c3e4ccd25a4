import { h, setText } from './dom.ts';

/** What is over sooner isn't worth a word, and would be read aloud in vain. */
const kSettleMs = 300;

/** A line that screen readers read when it changes, once it has stood for a moment. */
export class SettledLine {
  readonly element: HTMLElement;
  private wanted = '';
  private timer: number | undefined;

  constructor(id: string, role: 'status' | 'alert') {
    this.element = h('p', { class: `says ${role}`, 'data-testid': id, role });
  }

  say(text: string): void {
    if (text === this.wanted) return;
    this.wanted = text;
    this.timer ??= window.setTimeout(() => this.settle(), kSettleMs);
  }

  private settle(): void {
    this.timer = undefined;
    setText(this.element, this.wanted);
  }
}
