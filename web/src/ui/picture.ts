import { h } from './dom.ts';
import { publishHint } from './publish_hint.ts';

/** The live picture with what lies over it: notices, sound, full screen. */
export class Picture {
  readonly element: HTMLElement;
  readonly video = h('video', {
    'data-testid': 'video',
    autoplay: true,
    muted: true,
    playsinline: true,
    'aria-label': 'Live picture',
  });
  private readonly audio = h('audio', { autoplay: true });
  private readonly notice = h('div', { class: 'notice', role: 'status' });
  private readonly soundButton = h(
    'button',
    { type: 'button', hidden: true, 'aria-pressed': 'false' },
    'Unmute',
  );
  private noticeText = '';

  constructor() {
    this.video.muted = true; // the attribute counts for parsed pages only
    this.audio.muted = true;
    const fullButton = h('button', { type: 'button' }, 'Full screen');
    const tools = h('div', { class: 'tools' }, this.soundButton, fullButton);
    this.element = h('div', { class: 'picture' }, this.video, this.audio, this.notice, tools);
    this.soundButton.addEventListener('click', () => this.toggleSound());
    fullButton.hidden = !document.fullscreenEnabled;
    fullButton.addEventListener('click', () => this.toggleFullScreen());
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

  /** Words over the picture, with a command to try if `hintChannel` is given; '' takes them away. */
  showNotice(title: string, detail = '', hintChannel?: string): void {
    const text = `${title}\n${detail}`;
    if (text === this.noticeText) return;
    this.noticeText = text;
    this.notice.hidden = title === '';
    this.notice.replaceChildren(h('p', { class: 'title' }, title));
    if (detail) this.notice.append(h('p', {}, detail));
    if (hintChannel !== undefined) this.notice.append(publishHint(hintChannel));
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
