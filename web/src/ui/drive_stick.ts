import { kNeutral } from '../control/messages.ts';
import { stickAxes } from '../control/stick.ts';
import type { Input } from '../control/wish.ts';
import { h } from './dom.ts';

/** A stick for a thumb: right steers, up drives. Where the finger is lifted, or the system takes it, it is in its middle. */
export class TouchStick {
  private readonly knob = h('div', { class: 'knob' });
  /** Not for screen readers: keys drive, too. */
  readonly element = h(
    'div',
    { class: 'stick', 'data-testid': 'drive-stick', 'aria-hidden': 'true', hidden: true },
    this.knob,
  );
  private finger: number | undefined;
  private axes = kNeutral;

  /** `changed`: a finger was put on it or lifted. */
  constructor(private readonly changed: () => void) {
    const { element } = this;
    element.addEventListener('pointerdown', (event) => this.onDown(event));
    element.addEventListener('pointermove', (event) => {
      if (event.pointerId === this.finger) this.follow(event);
    });
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
      element.addEventListener(end, ({ pointerId }) => {
        if (pointerId === this.finger) this.release();
      });
    }
    element.addEventListener('contextmenu', (event) => event.preventDefault());
  }

  read(): Input {
    return { axes: this.axes, atRest: this.finger === undefined };
  }

  /** In the middle again, though the finger may still be there: it has to be put on anew. */
  release(): void {
    if (this.finger === undefined) return;
    this.finger = undefined;
    this.axes = kNeutral;
    this.show();
    this.changed();
  }

  private onDown(event: PointerEvent): void {
    if (this.finger !== undefined) return;
    event.preventDefault();
    this.finger = event.pointerId;
    this.element.setPointerCapture(event.pointerId);
    this.follow(event);
    this.changed();
  }

  private follow({ clientX, clientY }: PointerEvent): void {
    const { left, top, width, height } = this.element.getBoundingClientRect();
    const radius = Math.min(width, height) / 2;
    const [dx, dy] = [clientX - left - width / 2, clientY - top - height / 2];
    this.axes = stickAxes(dx, dy, radius);
    this.show();
  }

  private show(): void {
    const { steering, throttle } = this.axes;
    this.knob.style.translate = `${steering * 50}% ${-throttle * 50}%`;
  }
}
