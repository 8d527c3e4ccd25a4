import { kNeutral } from '../control/messages.ts';
import { stickAxes } from '../control/stick.ts';
import type { Input } from '../control/wish.ts';
import { t } from '../text/text.ts';
import { h, setText } from './dom.ts';
import { Finger } from './drive_finger.ts';

/** So far a thumb goes to mean all there is, in px. */
const kRadius = 72;

/**
 * The picture as a stick: its middle is where a thumb is put down, wherever that is. Put down it means
 * nothing yet; lifted, or taken by the system, neither.
 */
export class PictureStick {
  private readonly knob = h('div', { class: 'knob' });
  private readonly ring = h(
    'div',
    { class: 'thumb', 'data-testid': 'drive-thumb', hidden: true },
    this.knob,
  );
  private readonly hint = h('p', { class: 'thumb-hint', 'data-testid': 'drive-thumb-hint' });
  /** Where the thumb is, and before it was there that it may be. Not for screen readers: keys drive, too. */
  readonly element = h('div', { 'aria-hidden': 'true' }, this.hint, this.ring);
  private readonly finger: Finger;
  private axes = kNeutral;
  private middle = { x: 0, y: 0 };
  private isOn = false;
  private wasUsed = false;

  /** `changed`: a finger was put on it or lifted. */
  constructor(
    private readonly picture: HTMLElement,
    changed: () => void,
  ) {
    setText(this.hint, t('driveThumb'));
    this.hint.hidden = true;
    this.finger = new Finger(picture, {
      takes: ({ pointerType }) => this.isOn && pointerType !== 'mouse',
      down: (event) => {
        this.begin(event);
        changed();
      },
      moved: ({ clientX, clientY }) => {
        this.set(stickAxes(clientX - this.middle.x, clientY - this.middle.y, kRadius));
      },
      up: () => {
        this.ring.hidden = true;
        this.set(kNeutral);
        changed();
      },
    });
  }

  /** `isOn`: thumbs on the picture drive; `offers`: there may be some, and they would move something. */
  show(isOn: boolean, offers: boolean): void {
    this.isOn = isOn;
    if (!isOn) this.release();
    this.picture.toggleAttribute('data-thumb', isOn);
    this.hint.hidden = !isOn || !offers || this.wasUsed;
  }

  read(): Input {
    return { axes: this.axes, atRest: !this.finger.isDown };
  }

  /** Neutral, though the thumb may still be there: it has to be put down anew. */
  release(): void {
    this.finger.release();
  }

  private begin({ clientX: x, clientY: y }: PointerEvent): void {
    this.middle = { x, y };
    this.wasUsed = this.hint.hidden = true;
    this.ring.style.left = `${x}px`;
    this.ring.style.top = `${y}px`;
    this.ring.hidden = false;
    this.set(kNeutral);
  }

  private set(axes: Input['axes']): void {
    this.axes = axes;
    this.knob.style.translate = `${axes.steering * kRadius}px ${-axes.throttle * kRadius}px`;
  }
}
