import { fragmentToKeep } from '../credentials.ts';
import { keep, recall } from '../kept.ts';
import { isLanguage, kLanguages, type Language, language, languageFor, t } from '../text/text.ts';
import { h } from './dom.ts';

const kKept = 'rtcpub.language';
const kInAddress = 'lang';

/** The address’s (`?lang=ko`, for pages in other pages), else what was chosen here, else the browser’s. */
export function chosenLanguage(): Language {
  const asked = new URLSearchParams(location.search).get(kInAddress);
  if (isLanguage(asked)) return asked;
  const kept = recall(kKept);
  return isLanguage(kept) ? kept : languageFor(navigator.languages);
}

/** A choice of languages, each by its own name. */
export function languageChoice(): HTMLSelectElement {
  const choice = h(
    'select',
    { class: 'language', 'data-testid': 'language', 'aria-label': t('language') },
    ...Object.entries(kLanguages).map(([id, { name }]) =>
      h('option', { value: id, lang: id, selected: id === language() }, name),
    ),
  );
  choice.addEventListener('change', () => {
    if (isLanguage(choice.value)) beginAnew(choice.value);
  });
  return choice;
}

/** The page in that language. */
function beginAnew(chosen: Language): void {
  const url = new URL(location.href);
  const isKept = keep(kKept, chosen);
  if (!isKept || url.searchParams.has(kInAddress)) url.searchParams.set(kInAddress, chosen);
  url.hash = fragmentToKeep();
  // An address in which only the fragment is another one is not loaded.
  if (url.search === location.search) location.reload();
  else location.replace(url);
}
