import type { Status } from '../connection.ts';
import { t } from '../text/text.ts';
import { mismatch, noPicture, refusal } from '../words.ts';
import type { Picture } from './picture.ts';
import { publishHint } from './publish_hint.ts';
import { tokenForm } from './token_form.ts';

/** Figures without a picture, one a second, until the page says so. */
const kPatience = 3;

/** What is said over the picture: why there is none, and what helps. */
export class Notices {
  private status: Status = { phase: 'connecting', open: [], busy: false };
  private withoutPicture = 0;
  private packets = 0;

  constructor(
    private readonly picture: Picture,
    private readonly channel: string,
  ) {}

  onStatus(status: Status): void {
    this.status = status;
    if (status.phase !== 'connected') this.withoutPicture = 0;
    this.show();
  }

  /** What has come so far, about once a second. */
  onFigures({ frames, packets }: { frames: number; packets: number }): void {
    this.packets = packets;
    this.withoutPicture = frames > 0 ? 0 : this.withoutPicture + 1;
    this.show();
  }

  private show(): void {
    const { phase, problem } = this.status;
    switch (phase) {
      case 'connecting':
        return this.picture.showNotice(t('connectingNow'));
      case 'waiting':
        return this.showWaiting();
      case 'refused':
        return this.showRefusal();
      case 'reconnecting':
        return this.showTrouble(problem ?? t('connectionLost'));
      case 'away':
        return this.picture.showNotice(problem ?? '', t('waitingForReturn'));
      case 'rejoining':
        return this.picture.showNotice('');
      case 'connected':
        return this.showConnected();
    }
  }

  private showWaiting(): void {
    const title = t('waitingForPublisher', { channel: this.channel });
    if (!this.status.access?.rights.has('publish')) return this.picture.showNotice(title);
    this.picture.showNotice(title, t('tryTestPicture'), this.hint);
  }

  /** One value always: it is made anew only when it is another one. */
  private readonly hint = () => publishHint(this.channel);

  private showTrouble(problem: string): void {
    if (!this.status.busy) return this.picture.showNotice(problem, t('tryingAgain'));
    this.picture.showNotice(problem, t('tryingLaterOrToken'), tokenForm);
  }

  private showRefusal(): void {
    if (!this.status.refusal) return;
    const { title, detail } = refusal(this.status.refusal);
    this.picture.showNotice(title, detail, tokenForm);
  }

  private showConnected(): void {
    const lack = this.status.mismatch;
    if (!lack && this.withoutPicture < kPatience) return this.picture.showNotice('');
    const isFirefox = navigator.userAgent.includes('Firefox');
    const { title, detail } = lack ? mismatch(lack, isFirefox) : noPicture(this.packets);
    this.picture.showNotice(title, detail);
  }
}
