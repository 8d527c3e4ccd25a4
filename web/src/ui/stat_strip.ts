import type { Figures } from '../connection.ts';
import { t } from '../text/text.ts';
import { bitrate, framesPerSecond, kUnknown, milliseconds, percent, roundTrip } from '../words.ts';
import { h, setText } from './dom.ts';

/** The figures below the picture. */
export class StatStrip {
  readonly element = h('dl', { class: 'strip', 'aria-label': t('figures') });
  private readonly delay = this.figure('delay', t('delay'), t('delayMeaning'));
  private readonly fps = this.figure('fps', t('frames'), t('framesMeaning'));
  private readonly bitrate = this.figure('bitrate', t('bitrate'), t('bitrateMeaning'));
  private readonly rtt = this.figure('rtt', t('roundTrip'), t('roundTripMeaning'));
  private readonly loss = this.figure('loss', t('loss'), t('lossMeaning'));
  private readonly picture = this.figure('picture', t('picture'), t('pictureMeaning'));

  showDelay(ms: number | undefined): void {
    setText(this.delay, milliseconds(ms));
  }

  show({ snapshot, rates }: Figures): void {
    const video = snapshot.packets > 0 ? rates : undefined;
    setText(this.fps, framesPerSecond(video?.fps));
    setText(this.bitrate, bitrate(video?.kbps));
    setText(this.loss, percent(video?.loss));
    setText(this.rtt, roundTrip(snapshot.roundTripMs));
    const { width, height, codec } = snapshot;
    const size = width && height ? `${width}×${height}` : undefined;
    setText(this.picture, [size, size && codec].filter(Boolean).join(' ') || kUnknown);
  }

  /** Nothing is known any more. */
  clear(): void {
    const all = [this.delay, this.fps, this.bitrate, this.rtt, this.loss, this.picture];
    for (const figure of all) setText(figure, kUnknown);
  }

  private figure(id: string, name: string, meaning: string): HTMLElement {
    const value = h('dd', { 'data-testid': id }, kUnknown);
    this.element.append(h('div', { title: meaning }, h('dt', {}, name), value));
    return value;
  }
}
