import { keep, recall } from '../kept.ts';
import { t } from '../text/text.ts';
import { h } from './dom.ts';
import { languageChoice } from './language.ts';

const kKeysOff = 'rtcpub.keysOff';

/** What a person sets once. */
export class Settings {
  readonly element: HTMLElement;
  private readonly keysBox = h('input', { type: 'checkbox', id: 'settings-keys' });

  constructor() {
    this.keysBox.checked = recall(kKeysOff) !== 'true';
    this.keysBox.addEventListener('change', () => {
      keep(kKeysOff, String(!this.keysBox.checked));
    });
    this.element = h(
      'section',
      { class: 'panel settings', 'aria-label': t('settings') },
      h('label', { class: 'check' }, this.keysBox, t('keys')),
      languageChoice(),
    );
  }

  /** Whether single keys do something: who speaks to the machine may want that off (WCAG 2.1.4). */
  get keys(): boolean {
    return this.keysBox.checked;
  }
}
