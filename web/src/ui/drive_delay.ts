import type { DriveView } from '../control/model.ts';
import { t } from '../text/text.ts';
import { kUnknown, milliseconds } from '../words.ts';
import { h, setText } from './dom.ts';

/** The loop delay in large, in the colour of what it allows. Not live: it changes ten times a second. */
export class LoopDelay {
  private readonly value = h('output', { 'data-testid': 'drive-delay', 'aria-live': 'off' });
  readonly element = h(
    'div',
    { class: 'loop-delay', title: t('driveDelayMeaning') },
    h('span', { class: 'name' }, t('driveDelay')),
    this.value,
  );

  show({ delayMs, tone, driver }: DriveView): void {
    this.element.hidden = driver === undefined;
    this.element.dataset['tone'] = tone;
    setText(this.value, delayMs === undefined ? kUnknown : milliseconds(delayMs));
  }
}
