import { backoffMs } from './backoff.ts';
import { serverAnswers } from './reach.ts';

/** Dials again once the server can be reached, after a longer wait each time. */
export class Redial {
  private failures = 0;
  private timer: number | undefined;

  constructor(private readonly dial: () => void) {}

  /** One more attempt has failed, or what it brought about is lost. The wait is no shorter than `leastMs`. */
  wait(leastMs = 0): void {
    const wait = Math.max(leastMs, backoffMs(this.failures++, Math.random()));
    this.timer = window.setTimeout(() => void this.retry(), wait);
  }

  /** What comes next waits as if nothing had failed. */
  forget(): void {
    this.failures = 0;
  }

  /** It is dialled now, or never again. */
  cancel(): void {
    window.clearTimeout(this.timer);
    this.timer = undefined;
  }

  private async retry(): Promise<void> {
    const { timer } = this;
    const answers = await serverAnswers();
    if (timer !== this.timer) return; // cancelled meanwhile
    if (answers) this.dial();
    else this.wait();
  }
}
