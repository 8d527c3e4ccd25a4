import { driveKey, Keys, kEmergencyKey, kStopKey } from '../control/keys.ts';
import type { Input } from '../control/wish.ts';
import { isTyping } from '../keys.ts';

export interface KeyEvents {
  /** Something was pressed or let go. */
  changed(): void;
  /** The key that stops was pressed. */
  stop(): void;
  emergency(): void;
}

/** The page's keys, while one drives. */
export class DriveKeys {
  private readonly keys = new Keys();

  /** `isDriving`: keys drive now; otherwise they are the page's. */
  constructor(
    private readonly isDriving: () => boolean,
    private readonly events: KeyEvents,
  ) {}

  start(): void {
    window.addEventListener('keydown', (event) => this.onDown(event));
    window.addEventListener('keyup', (event) => this.onUp(event));
  }

  read(now: number): Input {
    return { axes: this.keys.read(now), atRest: this.keys.atRest };
  }

  /** What is held means nothing any more: its end may happen where nobody sees it. */
  releaseAll(): void {
    this.keys.releaseAll();
  }

  private onDown(event: KeyboardEvent): void {
    // macOS tells of no key's end while the first is held, and the other one may lead into a menu.
    if (event.key === 'Meta' || event.key === 'Alt') return this.loseHold();
    if (!this.isDriving() || isTyping(event)) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const { code } = event;
    if (driveKey(code)) {
      event.preventDefault(); // the page would scroll, or a slider move
    } else if (code === kStopKey) {
      if (!pressesItself(event)) event.preventDefault();
    } else if (code !== kEmergencyKey) {
      return;
    }
    if (!event.repeat) this.onPress(code);
  }

  private onPress(code: string): void {
    if (code === kEmergencyKey) return this.events.emergency();
    this.keys.press(code);
    if (code === kStopKey) this.events.stop();
    else this.events.changed();
  }

  private onUp({ code }: KeyboardEvent): void {
    if (!driveKey(code) && code !== kStopKey) return;
    this.keys.release(code);
    this.events.changed();
  }

  private loseHold(): void {
    if (this.keys.atRest) return;
    this.keys.releaseAll();
    this.events.stop();
  }
}

/** A button that is focused is pressed, too: the emergency stop say. */
function pressesItself({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.matches('button, summary, input[type=checkbox]');
}
