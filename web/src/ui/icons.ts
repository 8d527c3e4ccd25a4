const kSvg = 'http://www.w3.org/2000/svg';

type Name = 'sound' | 'silence' | 'snapshot' | 'expand' | 'contract' | 'panels' | 'close';

/** Strokes in a square of 24. */
const kPaths: Record<Name, string> = {
  sound: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11',
  silence: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5',
  snapshot:
    'M4 8h3.5l1.5-2.5h6L16.5 8H20a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1zM15.2 13.2a3.2 3.2 0 1 1-6.4 0 3.2 3.2 0 0 1 6.4 0z',
  expand: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  contract: 'M9 4v5H4M20 9h-5V4M15 20v-5h5M4 15h5v5',
  panels: 'M3 5.5h18v13H3zM14.5 5.5v13M17 9.5h1.5M17 12.5h1.5',
  close: 'M6 6l12 12M18 6L6 18',
};

/** A picture on a button; its name is the button's to say. */
export function icon(name: Name): SVGElement {
  const svg = document.createElementNS(kSvg, 'svg');
  const path = document.createElementNS(kSvg, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', kPaths[name]);
  svg.append(path);
  return svg;
}

/** Gives a button another name and picture. */
export function face(button: HTMLButtonElement, name: Name, words: string): void {
  if (button.dataset['face'] === name) return;
  button.dataset['face'] = name;
  button.setAttribute('aria-label', words);
  button.title = words;
  button.replaceChildren(icon(name));
}
