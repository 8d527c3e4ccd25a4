import { age } from '../words.ts';
import { h, setText } from './dom.ts';

/** The live picture with what lies over it: its age, notices, sound, full screen. */
export class Picture {
  readonly element: HTMLElement;
  readonly video = h('video', {
    'data-testid': 'video',
    autoplay: true,
    muted: true,
    playsinline: true,
    'aria-label': 'Live picture',
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
  private readonly soundButton = h(
    'button',
    { type: 'button', hidden: true, 'aria-pressed': 'false' },
    'Unmute',
  );
  private readonly fullButton = h('button', { type: 'button' }, 'Full screen');
  private readonly noticeTitle = h('p', { class: 'title' });
  private readonly noticeDetail = h('p');
  private noticeText = '';
  private makeMore: (() => HTMLElement) | undefined;
  private more: HTMLElement | undefined;

  /** `hud` is what full screen shows besides the picture. */
  constructor(hud: HTMLElement) {
    this.video.muted = true; // the attribute counts for parsed pages only
    this.audio.muted = true;
    const tools = h('div', { class: 'tools' }, this.soundButton, this.fullButton);
    this.notice.append(this.noticeTitle, this.noticeDetail);
    this.element = h('div', { class: 'picture' }, this.video, this.audio, this.notice, tools);
    this.element.append(this.age, hud);
    this.soundButton.addEventListener('click', () => this.toggleSound());
    this.fullButton.hidden = !document.fullscreenEnabled;
    this.fullButton.addEventListener('click', () => this.toggleFullScreen());
    document.addEventListener('fullscreenchange', () => {
      setText(this.fullButton, document.fullscreenElement ? 'Leave full screen' : 'Full screen');
    });
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
    if (ms !== undefined) setText(this.age, `This picture is ${age(ms)} old`);
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

  private toggleSound(): void {
    this.audio.muted = !this.audio.muted;
    this.soundButton.setAttribute('aria-pressed', String(!this.audio.muted));
    this.soundButton.textContent = this.audio.muted ? 'Unmute' : 'Mute';
    void this.audio.play().catch(() => undefined);
  }

  private toggleFullScreen(): void {
    const done = document.fullscreenElement
      ? document.exitFullscreen()
      : this.element.requestFullscreen();
    void done.catch(() => undefined);
  }
}
