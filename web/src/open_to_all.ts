// The data channels on which every viewer may send: a page opens these, and no others.

/** More than a robot opens to its viewers. */
const kMost = 32;

/** What is needed of an RTCDataChannel. */
export interface Closable {
  readonly readyState: string;
  close(): void;
}

/** Opens and closes data channels as the server names them. */
export class OpenToAll {
  private readonly opened = new Map<string, Closable>();

  /** `open` gives undefined where there is one of that label already, and throws where there can be none. */
  constructor(
    private readonly open: (label: string) => Closable | undefined,
    private readonly forget: (label: string) => void,
  ) {}

  /** From now on it is these. */
  follow(labels: string[]): void {
    const wanted = new Set(labels.slice(0, kMost));
    for (const [label, channel] of this.opened) {
      const isOver = channel.readyState === 'closing' || channel.readyState === 'closed';
      if (wanted.has(label) && !isOver) continue;
      this.opened.delete(label);
      this.forget(label);
      channel.close();
    }
    for (const label of wanted) {
      if (!this.opened.has(label)) this.add(label);
    }
  }

  private add(label: string): void {
    try {
      const channel = this.open(label);
      if (channel) this.opened.set(label, channel);
    } catch {
      // The label is longer than one can be, or there are no more channels: nobody speaks on it.
    }
  }
}
