import type { DriveView } from '../control/model.ts';
import {
  cap,
  emergencyWords,
  isLocked,
  whoAsks,
  whoDrives,
  whyNot,
  whyRefused,
} from '../control/words.ts';
import { t } from '../text/text.ts';
import { h, setText } from './dom.ts';
import { LoopDelay } from './drive_delay.ts';
import { EmergencyButton } from './drive_emergency.ts';
import { type LeaseEvents, LeaseControls } from './drive_lease.ts';
import { SettledLine } from './drive_says.ts';

/** What one drives with, over the picture: the emergency stop, the loop delay, why it doesn't go. */
export class DriveOverlay {
  private readonly emergency: EmergencyButton;
  private readonly lease: LeaseControls;
  private readonly delay = new LoopDelay();
  private readonly locked = h('p', { class: 'locked', 'aria-hidden': 'true', hidden: true });
  private readonly says = new SettledLine('drive-says', 'status');
  private readonly alarm = new SettledLine('drive-alarm', 'alert');
  /** What the panel has in sight elsewhere. */
  private readonly clear = h('button', {
    type: 'button',
    'data-testid': 'drive-clear',
    hidden: true,
  });
  private readonly refused = h('p', { class: 'says refused', role: 'status' });
  /** Where keys drive in a screen reader, too, which passes them on here. */
  private readonly keysArea = h('div', {
    class: 'keys-area',
    'data-testid': 'drive-keys',
    role: 'application',
    tabindex: '0',
    'aria-label': t('driveKeysArea'),
    hidden: true,
  });
  readonly element = h('div', { class: 'drive-layer', hidden: true });

  constructor(events: LeaseEvents & { emergency(): void; clear(): void }) {
    this.emergency = new EmergencyButton(() => events.emergency());
    this.lease = new LeaseControls(events);
    setText(this.keysArea, t('driveReady'));
    setText(this.locked, t('driveLocked'));
    setText(this.clear, t('driveClear'));
    this.clear.addEventListener('click', () => events.clear());
    const alarm = h('div', { class: 'alarm' }, this.alarm.element, this.clear);
    const left = h('div', { class: 'drive-left' }, this.delay.element, alarm);
    left.append(this.says.element, this.refused, this.keysArea, this.lease.element);
    this.element.append(this.emergency.element, left, this.locked);
  }

  show(view: DriveView, linked: boolean): void {
    this.element.hidden = false;
    this.element.dataset['emergency'] = view.emergency;
    this.emergency.show(view);
    this.lease.show(view);
    this.delay.show(view);
    this.locked.hidden = !isLocked(view);
    this.alarm.say(emergencyWords(view, linked));
    this.clear.hidden = !view.mayClear;
    setText(this.refused, view.refused ? whyRefused(view.refused) : '');
    const why = view.obstacle === 'emergency' ? '' : whyNot(view);
    const who = view.known ? `${whoDrives(view)}.` : '';
    this.says.say([who, whoAsks(view), why || cap(view)].filter(Boolean).join(' '));
    this.keysArea.hidden = !view.mine;
  }

  /** Keys go to driving from now on. */
  focus(): void {
    this.keysArea.focus({ preventScroll: true });
  }
}
