import { t } from '../text/text.ts';
import { h } from './dom.ts';

/** The bar on top: the way home and, on the right, what a page puts there. */
export function header(...right: HTMLElement[]): HTMLElement {
  const mark = h('img', { src: 'favicon.svg', alt: '', width: '24', height: '24' });
  const home = h(
    'a',
    { class: 'home', href: '/', 'aria-label': t('allChannels') },
    mark,
    h('span', { class: 'brand' }, 'RTCPub'),
  );
  return h('header', { class: 'bar' }, home, ...right);
}
