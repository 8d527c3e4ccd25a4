import { t } from '../text/text.ts';
import { h } from './dom.ts';
import { face } from './icons.ts';

/** How an iPhone, which has no full screen for pages, gets one all the same. */
export class HomeScreenAdvice {
  private readonly words = h('div', {});
  readonly element = h('div', {
    class: 'advice',
    'data-testid': 'home-screen',
    role: 'status',
    hidden: true,
  });

  constructor() {
    const close = h('button', { type: 'button' });
    face(close, 'close', t('close'));
    close.addEventListener('click', () => this.toggle());
    this.element.append(this.words, close);
  }

  toggle(): void {
    this.element.hidden = !this.element.hidden;
    if (this.element.hidden) return;
    this.words.replaceChildren(
      h('p', { class: 'title' }, t('homeScreenTitle')),
      h('p', {}, t('homeScreen')),
    );
  }
}
