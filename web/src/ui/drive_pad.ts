import {
  choosePad,
  type PadReading,
  type PadSettings,
  readPad,
  readPadSettings,
  usualPadSettings,
} from '../control/gamepad.ts';
import { kNeutral } from '../control/messages.ts';
import type { Input } from '../control/wish.ts';
import { parseJson } from '../json.ts';
import { keep, recall } from '../kept.ts';
import { t } from '../text/text.ts';
import { h, setText } from './dom.ts';

const kKeptUnder = 'rtcpub.gamepad';
const kRest: Input = { axes: kNeutral, atRest: true };

export interface PadEvents {
  /** The one in use is gone, whatever was held on it. */
  gone(): void;
}

/** The gamepad that one drives with: which, what of it does what, and what it says now. */
export class DrivePad {
  private readonly name = h('p', { class: 'soft', 'data-testid': 'drive-pad' });
  private readonly reading = h('p', { class: 'reading', 'aria-live': 'off' });
  private readonly steering = h('select', { 'data-testid': 'drive-pad-steering' });
  private readonly throttle = h('select', { 'data-testid': 'drive-pad-throttle' });
  private readonly hold = h('select', { 'data-testid': 'drive-pad-hold' });
  private readonly deadZone = h('input', { type: 'range', min: '0', max: '0.5', step: '0.01' });
  private readonly choices = h('div', { class: 'choices', hidden: true });
  readonly element = h('details', { class: 'pad' });
  private settings: PadSettings = usualPadSettings('standard');
  private used: number | undefined;
  /** The one in use was at rest once: one that comes with its stick held moves nothing. */
  private settled = false;
  /** The one that was in use is gone, and read() hasn't told so yet. */
  private lost = false;
  private shownId: string | undefined;

  constructor(private readonly events: PadEvents) {
    const row = (words: string, field: HTMLElement) => h('label', { class: 'check' }, words, field);
    this.choices.append(
      row(t('drivePadSteering'), this.steering),
      row(t('drivePadThrottle'), this.throttle),
      row(t('drivePadHold'), this.hold),
      row(t('drivePadDeadZone'), this.deadZone),
    );
    this.element.append(h('summary', {}, t('drivePad')), this.name, this.reading, this.choices);
    this.choices.addEventListener('change', () => this.takeChoice());
    window.addEventListener('gamepaddisconnected', ({ gamepad }) => {
      if (gamepad.index !== this.used) return;
      this.use(undefined);
      this.events.gone();
    });
  }

  /** What it says now; `loose`: nobody means what is moved on it. */
  read(): Input & { loose: boolean } {
    const pad = this.find();
    const { lost } = this;
    this.lost = false;
    if (!pad) return { ...kRest, loose: lost };
    const reading = readPad(pad, this.settings);
    this.settled ||= reading.atRest;
    if (!this.settled) return { axes: kNeutral, atRest: false, loose: true };
    return { ...reading, loose: reading.loose || lost };
  }

  /** Shows which one there is, and what it says. Some times a second. */
  show(): void {
    const pad = this.find();
    setText(this.name, pad ? pad.id : this.whyNone());
    this.choices.hidden = !pad;
    if (!pad) return setText(this.reading, '');
    if (pad.id !== this.shownId) this.begin(pad);
    const { axes }: PadReading = readPad(pad, this.settings);
    const percent = (value: number) => Math.round(value * 100);
    const values = { steering: percent(axes.steering), throttle: percent(axes.throttle) };
    setText(this.reading, t('drivePadReading', values));
  }

  private find(): Gamepad | undefined {
    const pad = choosePad(pads() ?? [], this.used);
    if (pad?.index !== this.used) this.use(pad?.index);
    return pad;
  }

  private use(index: number | undefined): void {
    this.lost ||= this.used !== undefined;
    this.used = index;
    this.settled = false;
  }

  private whyNone(): string {
    if (pads() === undefined && window.isSecureContext) return t('drivePadForbidden');
    if (window.isSecureContext) return t('drivePadNone');
    const { host, pathname, search } = location;
    const address = `https://${host}${pathname}${search}`;
    return `${t('drivePadNone')} ${t('drivePadInsecure', { address })}`;
  }

  /** Another one than before: its own settings, if it has some. */
  private begin(pad: Gamepad): void {
    this.shownId = pad.id;
    this.settings = readPadSettings(keptFor(pad.id), usualPadSettings(pad.mapping));
    const axes = pad.axes.map((_, index) => [`${index}`, t('drivePadAxis', { index })] as const);
    const buttons = pad.buttons.map(
      (_, index) => [`${index}`, t('drivePadButton', { index })] as const,
    );
    fill(this.steering, axes, `${this.settings.steering}`);
    fill(
      this.throttle,
      [['triggers', t('drivePadTriggers')], ...axes],
      `${this.settings.throttle}`,
    );
    const held = this.settings.hold;
    fill(this.hold, [['', t('drivePadHoldNone')], ...buttons], held === undefined ? '' : `${held}`);
    this.deadZone.value = `${this.settings.deadZone}`;
  }

  private takeChoice(): void {
    const throttle = this.throttle.value;
    this.settings = {
      steering: Number(this.steering.value),
      throttle: throttle === 'triggers' ? throttle : Number(throttle),
      deadZone: Number(this.deadZone.value),
      hold: this.hold.value === '' ? undefined : Number(this.hold.value),
    };
    if (this.shownId !== undefined) keepFor(this.shownId, this.settings);
  }
}

/** All that the browser shows; undefined when it doesn't let this page see any. */
function pads(): readonly (Gamepad | null)[] | undefined {
  try {
    return 'getGamepads' in navigator ? navigator.getGamepads() : undefined;
  } catch {
    return undefined; // the page around this one doesn't allow it
  }
}

function kept(): Record<string, unknown> {
  const all = parseJson(recall(kKeptUnder) ?? '');
  return typeof all === 'object' && all !== null ? (all as Record<string, unknown>) : {};
}

const keptFor = (id: string): unknown => new Map(Object.entries(kept())).get(id);

function keepFor(id: string, settings: PadSettings): void {
  keep(kKeptUnder, JSON.stringify({ ...kept(), [id]: settings }));
}

function fill(field: HTMLSelectElement, options: (readonly [string, string])[], chosen: string) {
  field.replaceChildren(...options.map(([value, words]) => h('option', { value }, words)));
  field.value = chosen;
}
