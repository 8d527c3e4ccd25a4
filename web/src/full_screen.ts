// Full screen for the whole page, which iPads before 16.4 have by another name, and iPhones not at all.

type Prefixed = Document & {
  webkitFullscreenEnabled?: boolean;
  webkitFullscreenElement?: Element | null;
  webkitExitFullscreen?: () => void;
};
type PrefixedRoot = HTMLElement & { webkitRequestFullscreen?: () => void };

const page = () => document as Prefixed;

export function canFillScreen(): boolean {
  return page().fullscreenEnabled || page().webkitFullscreenEnabled === true;
}

export function fillsScreen(): boolean {
  return (page().fullscreenElement ?? page().webkitFullscreenElement ?? null) !== null;
}

export async function toggleFullScreen(): Promise<void> {
  const root: PrefixedRoot = document.documentElement;
  try {
    if (fillsScreen()) await (page().exitFullscreen ?? page().webkitExitFullscreen)?.call(page());
    else await (root.requestFullscreen ?? root.webkitRequestFullscreen)?.call(root);
  } catch {
    // Asked for too late after a click, or not allowed: the button says what is.
  }
}

export function onFullScreenChange(then: () => void): void {
  document.addEventListener('fullscreenchange', then);
  document.addEventListener('webkitfullscreenchange', then);
}

/** iPhones lack it, but show a page without their bars when it is opened from the Home Screen. */
export function fillsScreenFromHome(): boolean {
  const { standalone } = navigator as { standalone?: boolean };
  return standalone === false && !canFillScreen() && window.self === window.top;
}
