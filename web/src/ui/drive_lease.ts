import type { DriveView } from '../control/model.ts';
import { nameOf, secondsLeft, waitingFor, whoAsks } from '../control/words.ts';
import { t } from '../text/text.ts';
import { h, setText } from './dom.ts';

export interface LeaseEvents {
  take(): void;
  takeOver(): void;
  /** Drives no more, or asks no more. */
  release(): void;
  reply(to: number, give: boolean): void;
}

/** Who drives from now on: to take it, to give it back, to ask and to be asked. */
export class LeaseControls {
  private readonly takeButton = this.button('drive-take', 'primary', () => this.events.take());
  private readonly overButton = this.button('drive-over', '', () => this.events.takeOver());
  private readonly releaseButton = this.button('drive-release', '', () => this.events.release());
  private readonly withdrawButton = this.button('drive-withdraw', '', () => this.events.release());
  private readonly giveButton = this.button('drive-give', 'primary', () => this.answer(true));
  private readonly keepButton = this.button('drive-keep', '', () => this.answer(false));
  private readonly asks = h('span', { class: 'asks' });
  /** Each second another one: not for screen readers. */
  private readonly left = h('span', { class: 'left', 'aria-hidden': 'true' });
  readonly element = h('div', { class: 'lease' });
  private asker: number | undefined;

  constructor(private readonly events: LeaseEvents) {
    const question = h('span', { class: 'question' }, this.asks, this.left);
    this.element.append(question, this.takeButton, this.overButton, this.giveButton);
    this.element.append(this.keepButton, this.withdrawButton, this.releaseButton);
    setText(this.overButton, t('driveTakeOver'));
    setText(this.releaseButton, t('driveRelease'));
    setText(this.withdrawButton, t('driveWithdraw'));
    setText(this.giveButton, t('driveGive'));
    setText(this.keepButton, t('driveKeep'));
  }

  show(view: DriveView): void {
    const { take, takeOver, mine, waitingMs, question, driver } = view;
    this.asker = question?.from.id;
    this.takeButton.hidden = take === undefined;
    const ask = take === 'ask';
    setText(this.takeButton, ask ? t('driveAsk', { name: nameOf(driver) }) : t('driveTake'));
    this.overButton.hidden = !takeOver;
    this.releaseButton.hidden = !mine;
    this.withdrawButton.hidden = waitingMs === undefined;
    this.giveButton.hidden = this.keepButton.hidden = question === undefined;
    setText(this.asks, waitingMs === undefined ? whoAsks(view) : waitingFor(view));
    const leftMs = question?.leftMs ?? (driver ? waitingMs : undefined);
    setText(this.left, leftMs === undefined ? '' : secondsLeft(leftMs));
    this.element.toggleAttribute('data-asked', question !== undefined);
  }

  private answer(give: boolean): void {
    if (this.asker !== undefined) this.events.reply(this.asker, give);
  }

  private button(id: string, look: string, act: () => void): HTMLButtonElement {
    const button = h('button', { type: 'button', 'data-testid': id, class: look, hidden: true });
    button.addEventListener('click', act);
    return button;
  }
}
