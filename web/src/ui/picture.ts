import {
  canFillScreen,
  fillsScreen,
  fillsScreenFromHome,
  onFullScreenChange,
  toggleFullScreen,
} from '../full_screen.ts';
import { saveSnapshot } from '../snapshot.ts';
import { t } from '../text/text.ts';
import { age } from '../words.ts';
import { h, setText } from './dom.ts';
import { HomeScreenAdvice } from './home_screen.ts';
import { face } from './icons.ts';

/** The live picture with what lies over it: its age, notices, sound, snapshots, full screen. */
export class Picture {
  readonly element: HTMLElement;
  readonly video = h('video', {
    'data-testid': 'video',
    autoplay: true,
    muted: true,
    playsinline: true,
    'aria-label': t('livePicture'),
  });
  /** Not for screen readers, which would read it ten times a second: they are told by the state. */
  private readonly age = h('p', {
    class: 'age',
    'data-testid': 'age',
    'aria-hidden': 'true',
    hidden: true,
  });
  private readonly audio = h('audio', { autoplay: true });
  private readonly notice = h('div', { class: 'notice', role: 'status' });
  private readonly soundButton = h('button', { type: 'button', hidden: true });
  private readonly snapshotButton = h('button', { type: 'button', disabled: true });
  private readonly fullButton = h('button', { type: 'button', 'aria-keyshortcuts': 'f' });
  private readonly advice = new HomeScreenAdvice();
  private readonly noticeTitle = h('p', { class: 'title' });
  private readonly noticeDetail = h('p');
  private noticeText = '';
  private makeMore: (() => HTMLElement) | undefined;
  private more: HTMLElement | undefined;

  /** `over` is what else lies over the picture; snapshots are named after `channel`. */
  constructor(
    private readonly channel: string,
    over: HTMLElement,
  ) {
    this.video.muted = true; // the attribute counts for parsed pages only
    this.audio.muted = true;
    const tools = h('div', { class: 'tools' }, this.soundButton, this.snapshotButton);
    tools.append(this.fullButton);
    this.notice.append(this.noticeTitle, this.noticeDetail);
    this.element = h('div', { class: 'picture' }, this.video, this.audio, this.notice, over, tools);
    this.element.append(this.age, this.advice.element);
    this.listenToTools();
    this.showTools();
  }

  /** Sound plays in an element of its own, so that the picture never waits for it. */
  attach(track: MediaStreamTrack): void {
    const element = track.kind === 'audio' ? this.audio : this.video;
    element.srcObject = new MediaStream([track]);
  }

  /** Sound is there: offers to hear it. */
  offerSound(): void {
    this.soundButton.hidden = false;
  }

  /** Marks the picture as so many ms old; undefined: it is live. */
  showAge(ms: number | undefined): void {
    this.element.toggleAttribute('data-old', ms !== undefined);
    this.age.hidden = ms === undefined;
    if (ms !== undefined) setText(this.age, t('pictureAge', { age: age(ms) }));
  }

  /**
   * Words over the picture, and what `makeMore` makes below them, once: other words leave it as it is,
   * since somebody may be typing in it. '' takes all of it away.
   */
  showNotice(title: string, detail = '', makeMore?: () => HTMLElement): void {
    const text = `${title}\n${detail}`;
    if (text === this.noticeText) return;
    this.noticeText = text;
    this.notice.hidden = title === '';
    setText(this.noticeTitle, title);
    setText(this.noticeDetail, detail);
    this.noticeDetail.hidden = detail === '';
    if (makeMore === this.makeMore) return;
    this.makeMore = makeMore;
    this.more?.remove();
    this.more = makeMore?.();
    if (this.more) this.notice.append(this.more);
  }

  /** Does what the button does. */
  toggleFullScreen(): void {
    if (canFillScreen()) void toggleFullScreen();
    else if (!this.fullButton.hidden) this.advice.toggle();
  }

  private listenToTools(): void {
    const { video } = this;
    this.soundButton.addEventListener('click', () => this.toggleSound());
    this.snapshotButton.addEventListener('click', () => void saveSnapshot(video, this.channel));
    video.addEventListener('resize', () => (this.snapshotButton.disabled = video.videoWidth === 0));
    this.fullButton.hidden = !canFillScreen() && !fillsScreenFromHome();
    this.fullButton.addEventListener('click', () => this.toggleFullScreen());
    onFullScreenChange(() => this.showTools());
  }

  private showTools(): void {
    if (this.audio.muted) face(this.soundButton, 'silence', t('unmute'));
    else face(this.soundButton, 'sound', t('mute'));
    face(this.snapshotButton, 'snapshot', t('snapshot'));
    if (fillsScreen()) face(this.fullButton, 'contract', t('leaveFullScreen'));
    else face(this.fullButton, 'expand', t('fullScreen'));
  }

  private toggleSound(): void {
    this.audio.muted = !this.audio.muted;
    void this.audio.play().catch(() => undefined);
    this.showTools();
  }
}
