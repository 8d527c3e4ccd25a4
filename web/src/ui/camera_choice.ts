import type { Cameras } from '../cameras.ts';
import { t } from '../text/text.ts';
import { h } from './dom.ts';

/** One button for each camera, the one on the air pressed; hidden while there is no choice. */
export class CameraChoice {
  private readonly segments = h('div', { class: 'segments' });
  readonly element = h(
    'div',
    { class: 'cameras', 'data-testid': 'cameras', role: 'group', hidden: true },
    h('span', { class: 'label', id: 'cameras-label' }, t('camera')),
    this.segments,
  );
  private obstacle: string | undefined;
  private names: string[] = [];
  private buttons: HTMLButtonElement[] = [];

  /** `select` sends the wish; `show` tells what came of it. */
  constructor(private readonly select: (name: string) => void) {
    this.element.setAttribute('aria-labelledby', 'cameras-label');
  }

  show({ names, onAir }: Cameras): void {
    this.element.hidden = names.length < 2;
    if (names.join('\n') !== this.names.join('\n')) this.build(names);
    this.buttons.forEach((button, at) => {
      button.setAttribute('aria-pressed', String(names[at] === onAir));
      delete button.dataset['wanted'];
    });
  }

  /** `obstacle`: why this viewer can't choose, a sentence for people. */
  enable(obstacle: string | undefined): void {
    if (obstacle === this.obstacle) return;
    this.obstacle = obstacle;
    this.buttons.forEach((button, at) => this.mark(button, this.names[at] ?? ''));
  }

  /** The publisher is gone: nothing is known of its cameras any more. */
  forget(): void {
    this.show({ names: [], onAir: '' });
  }

  /** As if its button were pressed: the one of that place, from 0. */
  choose(at: number): void {
    this.buttons[at]?.click();
  }

  /** Only when the cameras are others, so that the focus stays where it is. */
  private build(names: string[]): void {
    this.names = names;
    this.buttons = names.map((name, at) => {
      const key = at < 9 && { 'aria-keyshortcuts': String(at + 1) };
      const button = h('button', { type: 'button', 'data-camera': name, ...key }, name);
      this.mark(button, name);
      button.addEventListener('click', () => {
        button.dataset['wanted'] = 'true';
        this.select(name);
      });
      return button;
    });
    this.segments.replaceChildren(...this.buttons);
  }

  private mark(button: HTMLButtonElement, name: string): void {
    button.disabled = this.obstacle !== undefined;
    button.title = this.obstacle ?? name;
  }
}
