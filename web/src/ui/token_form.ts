import { isChannelId } from '../channel_id.ts';
import { keepToken } from '../credentials.ts';
import { t } from '../text/text.ts';
import { readPasted } from '../token.ts';
import { h, setText } from './dom.ts';
import { channelUrl } from './urls.ts';

/** A field for a link or a token; the page begins anew with what is pasted. */
export function tokenForm(): HTMLFormElement {
  // Not to be read over a shoulder, in a picture of the screen, or from a browser's memory of forms.
  const input = h('input', {
    id: 'token-input',
    'data-testid': 'token-input',
    type: 'password',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-describedby': 'token-problem',
  });
  const problem = h('p', { id: 'token-problem', class: 'problem', role: 'alert' });
  const form = h(
    'form',
    { class: 'token', 'data-testid': 'token-form' },
    h('label', { for: 'token-input' }, t('linkOrToken')),
    h('div', { class: 'row' }, input, h('button', { class: 'primary' }, t('enter'))),
    problem,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const pasted = readPasted(input.value);
    if (pasted === undefined) {
      return setText(problem, t('notAToken'));
    }
    keepToken(pasted.token);
    enter(pasted.channel);
  });
  return form;
}

function enter(channel: string | undefined): void {
  const url = channel !== undefined && isChannelId(channel) ? channelUrl(channel) : undefined;
  if (url === undefined || url === location.pathname + location.search) location.reload();
  else location.assign(url);
}
