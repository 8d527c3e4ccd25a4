import { kNeutral } from '../control/messages.ts';
import { stickAxes } from '../control/stick.ts';
import type { Input } from '../control/wish.ts';
import { h } from './dom.ts';
import { Finger } from './drive_finger.ts';

/** A stick for a thumb: right steers, up drives. Where the finger is lifted, or the system takes it, it is in its middle. */
export class TouchStick {
  private readonly knob = h('div', { class: 'knob' });
  /** Not for screen readers: keys drive, too. */
  readonly element = h(
    'div',
    { class: 'stick', 'data-testid': 'drive-stick', 'aria-hidden': 'true', hidden: true },
    this.knob,
  );
  private readonly finger: Finger;
  private axes = kNeutral;

  /** `changed`: a finger was put on it or lifted. */
  constructor(changed: () => void) {
    this.finger = new Finger(this.element, {
      takes: () => true,
      down: (event) => {
        this.follow(event);
        changed();
      },
      moved: (event) => this.follow(event),
      up: () => {
        this.set(kNeutral);
        changed();
      },
    });
    this.element.addEventListener('contextmenu', (event) => event.preventDefault());
  }

  read(): Input {
    return { axes: this.axes, atRest: !this.finger.isDown };
  }

  /** In the middle again, though the finger may still be there: it has to be put on anew. */
  release(): void {
    this.finger.release();
  }

  private follow({ clientX, clientY }: PointerEvent): void {
    const { left, top, width, height } = this.element.getBoundingClientRect();
    const radius = Math.min(width, height) / 2;
    this.set(stickAxes(clientX - left - width / 2, clientY - top - height / 2, radius));
  }

  private set(axes: Input['axes']): void {
    this.axes = axes;
    this.knob.style.translate = `${axes.steering * 50}% ${-axes.throttle * 50}%`;
  }
}
