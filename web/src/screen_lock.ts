/** Keeps the screen from going dark while somebody watches, where the browser lets it (not on plain http). */
export class ScreenLock {
  private wanted = false;
  private lock: WakeLockSentinel | undefined;
  private asking = false;

  constructor() {
    // The browser takes it back when the page is hidden.
    document.addEventListener('visibilitychange', () => void this.settle());
  }

  /** Whether there is something to watch. */
  want(wanted: boolean): void {
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    void this.settle();
  }

  private async settle(): Promise<void> {
    if (!this.wanted) return this.release();
    const isThere = this.lock !== undefined && !this.lock.released;
    if (isThere || this.asking || document.visibilityState !== 'visible') return;
    this.asking = true;
    try {
      // Types promise it everywhere; browsers have it in secure contexts only.
      this.lock = await (navigator as Partial<Navigator>).wakeLock?.request('screen');
    } catch {
      // Its battery is low, or the page that this one stands in doesn't let it.
    } finally {
      this.asking = false;
    }
    if (!this.wanted) this.release();
  }

  private release(): void {
    void this.lock?.release().catch(() => undefined);
    this.lock = undefined;
  }
}
