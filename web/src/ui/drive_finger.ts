/** Nothing else happens where it is put. */
const kOwnAffairs = 'button, a, input, select, label, summary';

export interface FingerEvents {
  /** Whether one that is put down here drives. */
  takes(event: PointerEvent): boolean;
  /** It was put down here, and drives. */
  down(event: PointerEvent): void;
  /** It is here now. */
  moved(event: PointerEvent): void;
  /** It was lifted, the system took it, or it counts no more. */
  up(): void;
}

/** The one finger that drives on a surface: a second one means nothing, and buttons stay buttons. */
export class Finger {
  private id: number | undefined;

  constructor(
    private readonly surface: HTMLElement,
    private readonly events: FingerEvents,
  ) {
    surface.addEventListener('pointerdown', (event) => this.onDown(event));
    surface.addEventListener('pointermove', (event) => {
      if (event.pointerId === this.id) this.events.moved(event);
    });
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
      surface.addEventListener(end, ({ pointerId }) => {
        if (pointerId === this.id) this.release();
      });
    }
    // A thumb that rests would open a menu, or mark what is below it.
    const keep = (event: Event) => {
      if (this.isDown && !isAtControl(event)) event.preventDefault();
    };
    surface.addEventListener('touchstart', keep, { passive: false });
  }

  get isDown(): boolean {
    return this.id !== undefined;
  }

  /** It counts no more, though it may still be there: it has to be put down anew. */
  release(): void {
    if (!this.isDown) return;
    this.id = undefined;
    this.events.up();
  }

  private onDown(event: PointerEvent): void {
    if (this.isDown || isAtControl(event) || !this.events.takes(event)) return;
    event.preventDefault();
    if (!document.hasFocus()) window.focus(); // which a touch that is prevented doesn't do
    this.id = event.pointerId;
    this.surface.setPointerCapture(event.pointerId);
    this.events.down(event);
  }
}

function isAtControl({ target }: Event): boolean {
  return target instanceof Element && target.closest(kOwnAffairs) !== null;
}
