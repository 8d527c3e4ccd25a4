import type { DriveView } from '../control/model.ts';
import { emergencyButton } from '../control/words.ts';
import { h, setText } from './dom.ts';

/** A press and the click that follows it are one. */
const kSamePressMs = 700;

/** The emergency stop: for everybody who may watch, and pressed as soon as it is touched. */
export class EmergencyButton {
  readonly element = h('button', {
    type: 'button',
    class: 'emergency',
    'data-testid': 'drive-emergency',
    'aria-keyshortcuts': 'x',
  });
  private pressedAt = -Infinity;

  constructor(private readonly press: () => void) {
    // A second finger, while the first one drives, makes no click.
    this.element.addEventListener('pointerdown', ({ button }) => {
      if (button === 0) this.onPress();
    });
    this.element.addEventListener('click', () => this.onPress());
  }

  show({ emergency }: DriveView): void {
    this.element.dataset['emergency'] = emergency;
    setText(this.element, emergencyButton(emergency));
  }

  private onPress(): void {
    const now = performance.now();
    if (now - this.pressedAt < kSamePressMs) return;
    this.pressedAt = now;
    this.press();
  }
}
