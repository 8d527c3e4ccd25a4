import { compose } from '../compose.ts';
import { type Delivery, kDeliveries } from '../delivery.ts';
import { h, setText } from './dom.ts';

/** A line for text or JSON, sent with Enter. */
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
  private readonly button = h('button', { class: 'primary', 'data-testid': 'send-button' }, 'Send');
  private readonly quote = h('input', { type: 'checkbox', id: 'send-quote' });
  private readonly delivery = h(
    'select',
    { id: 'send-delivery', 'data-testid': 'send-delivery' },
    ...kDeliveries.map(({ name, words }) => h('option', { value: name }, words)),
  );
  private readonly note = h('p', {
    class: 'send-note',
    'data-testid': 'send-note',
    role: 'status',
  });

  /** `send` returns false when the channel isn't open, or what may be lost would wait. */
  constructor(
    private readonly send: (text: string) => boolean,
    choose: (delivery: Delivery) => void,
  ) {
    this.element = h(
      'form',
      { class: 'panel send' },
      h('label', { for: 'send-input' }, 'Send on ', h('code', {}, 'stream')),
      h('div', { class: 'row' }, this.input, this.button),
      h(
        'label',
        { class: 'check', title: 'For robots that read every message as JSON, as rtcbot does' },
        this.quote,
        'Send text as a JSON string',
      ),
      h(
        'label',
        {
          class: 'check',
          title: 'For driving, choose a limit: a late command is worse than a lost one',
        },
        'Delivery',
        this.delivery,
      ),
      this.note,
    );
    this.delivery.addEventListener('change', () => choose(this.delivery.value as Delivery));
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      this.submit();
    });
    this.button.disabled = true;
  }

  /** `obstacle`: why nothing can be sent now, a sentence for people. */
  enable(obstacle: string | undefined): void {
    this.button.disabled = obstacle !== undefined;
    setText(this.note, obstacle ?? '');
  }

  private submit(): void {
    if (this.input.value.trim() === '') return;
    if (this.send(compose(this.input.value, this.quote.checked))) {
      this.input.value = '';
      setText(this.note, '');
    } else {
      setText(this.note, 'Not sent: nothing gets through just now.');
    }
  }
}
