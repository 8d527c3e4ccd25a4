import type { DriveView } from '../control/model.ts';
import { cap, emergencyWords, whoDrives, whyNot, whyRefused } from '../control/words.ts';
import { keep, recall } from '../kept.ts';
import { t } from '../text/text.ts';
import { h, setText } from './dom.ts';
import { type LeaseEvents, LeaseControls } from './drive_lease.ts';

const kKeptUnder = 'rtcpub.topSpeed';
const kUsualTopSpeed = 50;

export interface PanelEvents extends LeaseEvents {
  clear(): void;
  /** The car's own top speed, in its own unit. */
  setMaxSpeed(value: number): boolean;
}

/** All of driving in words, with what is set rarely. */
export class DrivePanel {
  private readonly who = h('p', { class: 'who', 'data-testid': 'drive-who' });
  private readonly why = h('p', { class: 'soft', 'data-testid': 'drive-why' });
  private readonly cap = h('p', { class: 'soft', 'data-testid': 'drive-cap' });
  private readonly refused = h('p', {
    class: 'problem',
    'data-testid': 'drive-refused',
    role: 'status',
  });
  private readonly note = h('p', { class: 'soft', 'data-testid': 'drive-note' });
  private readonly stopped = h('p', { class: 'problem', 'data-testid': 'drive-stopped' });
  private readonly clearButton = h('button', {
    type: 'button',
    'data-testid': 'drive-clear',
    hidden: true,
  });
  private readonly lease: LeaseControls;
  private readonly speed = h('input', {
    ...{ type: 'range', min: '10', max: '100', step: '5', id: 'drive-top-speed' },
    'data-testid': 'drive-top-speed',
  });
  private readonly speedValue = h('output', { for: 'drive-top-speed', 'aria-live': 'off' });
  private readonly maxSpeed = h('input', {
    ...{ type: 'number', min: '0', max: '100000', step: '1', inputmode: 'numeric' },
    ...{ id: 'drive-max-speed', 'data-testid': 'drive-max-speed', placeholder: '400' },
  });
  private readonly settings: HTMLElement;
  readonly element: HTMLElement;

  constructor(
    private readonly events: PanelEvents,
    /** What one drives with besides keys. */
    { stick, pad }: { stick: HTMLElement; pad: HTMLElement },
  ) {
    this.lease = new LeaseControls(events);
    setText(this.clearButton, t('driveClear'));
    this.clearButton.addEventListener('click', () => events.clear());
    this.settings = h(
      'div',
      { class: 'drive-settings' },
      this.speedRow(),
      pad,
      this.maxSpeedForm(),
    );
    this.element = h(
      'section',
      { class: 'panel drive', hidden: true, 'aria-label': t('driveHeading') },
      h('div', { class: 'head' }, h('h2', {}, t('driveHeading')), this.who),
      ...[this.stopped, this.clearButton, this.why, this.cap, this.refused],
      ...[this.lease.element, this.note, stick, this.settings],
    );
  }

  /** The share of all speed that one wants, 0.1 to 1. */
  get topSpeed(): number {
    return Number(this.speed.value) / 100;
  }

  show(view: DriveView, linked: boolean, mayDrive: boolean): void {
    this.element.hidden = false;
    setText(this.who, whoDrives(view));
    setText(this.why, view.obstacle === 'emergency' ? '' : whyNot(view));
    setText(this.cap, cap(view));
    setText(this.stopped, emergencyWords(view, linked));
    setText(this.refused, view.refused ? whyRefused(view.refused) : '');
    const noGate = !view.gated && view.driver !== undefined;
    setText(this.note, mayDrive ? (noGate ? t('driveNoGate') : '') : t('driveWatchOnly'));
    this.clearButton.hidden = !view.mayClear;
    this.settings.hidden = !mayDrive;
    this.lease.show(view);
  }

  private speedRow(): HTMLElement {
    const kept = Number(recall(kKeptUnder));
    this.speed.value = `${kept >= 10 && kept <= 100 ? kept : kUsualTopSpeed}`;
    const show = () => setText(this.speedValue, t('drivePercent', { percent: this.speed.value }));
    this.speed.addEventListener('input', () => {
      keep(kKeptUnder, this.speed.value);
      show();
    });
    show();
    return h('label', { class: 'check' }, t('driveTopSpeed'), this.speed, this.speedValue);
  }

  private maxSpeedForm(): HTMLElement {
    const button = h('button', { 'data-testid': 'drive-set-max-speed' }, t('driveSetMaxSpeed'));
    const form = h('form', { class: 'max-speed' }, this.maxSpeed, button);
    form.prepend(h('label', { class: 'soft', for: 'drive-max-speed' }, t('driveMaxSpeed')));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const value = this.maxSpeed.valueAsNumber;
      if (Number.isFinite(value) && this.events.setMaxSpeed(value)) this.maxSpeed.value = '';
    });
    return form;
  }
}
