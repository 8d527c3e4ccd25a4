import { fillsScreen, onFullScreenChange } from '../full_screen.ts';
import { takesText } from '../keys.ts';
import { type Layout, layoutOf } from '../layout.ts';
import { t } from '../text/text.ts';
import { h } from './dom.ts';
import { header } from './header.ts';
import { face } from './icons.ts';

/** What a channel's page is made of. */
export interface Parts {
  /** In the bar on top, from left to right. */
  bar: HTMLElement[];
  picture: HTMLElement;
  cameras: HTMLElement;
  drive: HTMLElement;
  figures: HTMLElement;
  send: HTMLElement;
  gauges: HTMLElement;
  messages: HTMLElement;
  settings: HTMLElement;
}

/** Another page has this one in it. */
const kEmbedded = window.self !== window.top;

/**
 * Puts the parts where there is room for them, and again when the window changes. The layout is told to
 * the style sheets by html[data-layout], and open panels over the picture by html[data-panels].
 */
export class ChannelLayout {
  readonly bar: HTMLElement;
  readonly main: HTMLElement;
  private readonly under = h('div', { class: 'under' });
  private readonly side = h('div', {
    id: 'panels',
    class: 'side',
    role: 'region',
    'aria-label': t('panels'),
    tabindex: '-1',
  });
  private readonly toggle = h('button', {
    type: 'button',
    class: 'panels-button',
    'data-testid': 'panels-button',
    'aria-controls': 'panels',
    'aria-expanded': 'false',
  });
  private layout: Layout | undefined;
  private width = 0;

  constructor(private readonly parts: Parts) {
    face(this.toggle, 'panels', t('panels'));
    this.bar = header(...parts.bar, this.toggle);
    this.main = h('main', { class: 'channel' }, parts.picture, parts.cameras);
    this.main.append(this.under, this.side);
    document.documentElement.toggleAttribute('data-embedded', kEmbedded);
    this.toggle.addEventListener('click', () => this.open(!this.isOpen()));
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.isOpen()) this.open(false);
    });
    window.addEventListener('resize', () => this.follow());
    onFullScreenChange(() => this.follow());
    this.follow();
  }

  private follow(): void {
    const { innerWidth: width, innerHeight: height } = window;
    // A phone's keyboard takes room, and goes when the field is moved that it is for.
    const isKeyboard = width === this.width && isTextFocused();
    this.width = width;
    if (isKeyboard && this.layout !== undefined) return;
    const layout = layoutOf({ width, height, fullScreen: fillsScreen(), embedded: kEmbedded });
    if (layout !== this.layout) this.arrange(layout);
  }

  /** In the document in the order in which they are seen: so keys and screen readers go from one to the next. */
  private arrange(layout: Layout): void {
    const { drive, figures, send, gauges, messages, settings } = this.parts;
    const focused = document.activeElement;
    this.layout = layout;
    document.documentElement.dataset['layout'] = layout;
    this.open(false);
    const isBeside = layout === 'beside';
    this.under.replaceChildren(...(isBeside ? [figures, gauges] : []));
    this.side.replaceChildren(
      ...(isBeside
        ? [drive, send, messages, settings]
        : [drive, figures, send, gauges, messages, settings]),
    );
    if (focused instanceof HTMLElement && focused !== document.activeElement) focused.focus();
  }

  private isOpen(): boolean {
    return document.documentElement.dataset['panels'] === 'open';
  }

  /** Panels over the picture; in the other layouts they are always in sight. */
  private open(open: boolean): void {
    const wasOpen = this.isOpen();
    if (open) document.documentElement.dataset['panels'] = 'open';
    else delete document.documentElement.dataset['panels'];
    this.toggle.setAttribute('aria-expanded', String(open));
    if (open) this.side.focus();
    else if (wasOpen && this.layout === 'over') this.toggle.focus();
  }
}

function isTextFocused(): boolean {
  const focused = document.activeElement;
  return focused !== null && takesText(focused as HTMLInputElement);
}
