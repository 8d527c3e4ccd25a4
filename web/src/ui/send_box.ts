import { compose } from '../compose.ts';
import { type Delivery, kDeliveries } from '../delivery.ts';
import { kTalkLabel } from '../session.ts';
import { t } from '../text/text.ts';
import { h, setText } from './dom.ts';

/** A line for text or JSON, sent with Enter on one of the data channels that one may send on. */
export class SendBox {
  readonly element: HTMLFormElement;
  private readonly input = h('input', {
    id: 'send-input',
    'data-testid': 'send-input',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    enterkeyhint: 'send',
    placeholder: '{"speed":{"key":"maxSpeed","value":400}}',
  });
  private readonly button = h(
    'button',
    { class: 'primary', 'data-testid': 'send-button' },
    t('send'),
  );
  private readonly quote = h('input', { type: 'checkbox', id: 'send-quote' });
  private readonly delivery = h(
    'select',
    { id: 'send-delivery', 'data-testid': 'send-delivery' },
    ...kDeliveries.map(({ name }) => h('option', { value: name }, t(name))),
  );
  private readonly shownLabel = h('code', {}, kTalkLabel);
  private readonly choice = h('select', { id: 'send-label', 'data-testid': 'send-label' });
  private readonly choiceRow = h(
    'label',
    { class: 'check', hidden: true },
    t('dataChannel'),
    this.choice,
  );
  private labels: string[] = [kTalkLabel];
  private obstacle: string | undefined = '';
  private readonly note = h('p', {
    class: 'send-note',
    'data-testid': 'send-note',
    role: 'status',
  });

  /** `send` returns false when the channel isn't open, or what may be lost would wait. */
  constructor(
    private readonly send: (label: string, text: string) => boolean,
    private readonly events: { delivery(delivery: Delivery): void; labelChosen(): void },
  ) {
    this.element = h(
      'form',
      { class: 'panel send' },
      h('label', { for: 'send-input' }, `${t('sendOn')} `, this.shownLabel),
      h('div', { class: 'row' }, this.input, this.button),
      this.choiceRow,
      h('label', { class: 'check', title: t('asJsonMeaning') }, this.quote, t('asJson')),
      h(
        'label',
        {
          class: 'check',
          title: t('deliveryMeaning'),
        },
        t('delivery'),
        this.delivery,
      ),
      this.note,
    );
    this.delivery.addEventListener('change', () => {
      events.delivery(this.delivery.value as Delivery);
    });
    this.choice.addEventListener('change', () => this.showLabel());
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      this.submit();
    });
    this.button.disabled = true;
  }

  /** The data channel that is chosen; undefined when there is none to choose from. */
  get label(): string | undefined {
    return this.labels.length > 1 ? this.choice.value : this.labels[0];
  }

  /** On these one may send. */
  offer(labels: string[]): void {
    if (labels.join('\n') === this.labels.join('\n')) return;
    const before = this.label;
    this.labels = labels;
    this.choice.replaceChildren(...labels.map((label) => h('option', { value: label }, label)));
    if (before !== undefined && labels.includes(before)) this.choice.value = before;
    this.choiceRow.hidden = labels.length < 2;
    this.showLabel();
  }

  /** What the server says of what was sent, a sentence. */
  say(words: string): void {
    setText(this.note, words);
  }

  /** `obstacle`: why nothing can be sent now, a sentence for people. */
  enable(obstacle: string | undefined): void {
    if (obstacle === this.obstacle) return; // and what was said last can be read
    this.obstacle = obstacle;
    this.button.disabled = obstacle !== undefined;
    setText(this.note, obstacle ?? '');
  }

  private showLabel(): void {
    const { label = kTalkLabel } = this;
    setText(this.shownLabel, label);
    // How the others deliver is the robot's choice.
    this.delivery.disabled = label !== kTalkLabel;
    this.events.labelChosen();
  }

  private submit(): void {
    const { label } = this;
    if (label === undefined || this.input.value.trim() === '') return;
    if (this.send(label, compose(this.input.value, this.quote.checked))) {
      this.input.value = '';
      setText(this.note, '');
    } else {
      setText(this.note, t('notSent'));
    }
  }
}
