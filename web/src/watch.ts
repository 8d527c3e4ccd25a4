/** What is known of a running session, about once a second. */
export interface Sample {
  /** Bytes that came from the server, media, data and the data channels' acknowledgements. */
  bytesReceived: number;
  framesDecoded: number;
  /** There is a publisher, and this side can show what it sends. */
  picturesExpected: boolean;
}

export type Verdict = 'alive' | 'silent' | 'still' | 'stalled';

const kSilentSamples = 5;
/** After a wake-up: the path has probably gone while the machine slept. */
const kSilentSamplesAwoken = 2;
/** Longer than pictures are apart, and than one that was lost takes to come again. */
const kStillSamples = 2;
const kStalledSamples = 6;

/**
 * Tells a dead path from a living one. Samples are counted instead of time, so that a sleeping
 * machine or a throttled tab doesn't look like a loss.
 *
 * Something always comes from a living server: it acknowledges the clock's questions, one a second.
 */
export class Watch {
  private last: Sample | undefined;
  private quiet = 0;
  private frozen = 0;
  private patience = kSilentSamples;

  /** The page was asleep or hidden. */
  wake(): void {
    this.patience = kSilentSamplesAwoken;
    this.quiet = 0;
  }

  /** `silent`: nothing comes from the server. `still`: pictures came once, and no more do; `stalled`: for long. */
  judge(sample: Sample): Verdict {
    const last = this.last;
    this.last = sample;
    if (!last) return 'alive';
    this.quiet = sample.bytesReceived > last.bytesReceived ? 0 : this.quiet + 1;
    if (this.quiet === 0) this.patience = kSilentSamples;
    if (this.quiet >= this.patience) return 'silent';
    const moves = sample.framesDecoded > last.framesDecoded;
    const expected = sample.picturesExpected && sample.framesDecoded > 0;
    this.frozen = moves || !expected ? 0 : this.frozen + 1;
    if (this.frozen >= kStalledSamples) return 'stalled';
    return this.frozen >= kStillSamples && this.quiet === 0 ? 'still' : 'alive';
  }
}
