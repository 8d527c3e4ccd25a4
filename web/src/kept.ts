// What a browser keeps for this page, for good; some keep nothing, for pages in other pages say.

/** Undefined when nothing is kept under that name. */
export function recall(name: string): string | undefined {
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** False when the browser keeps nothing. */
export function keep(name: string, text: string): boolean {
  try {
    localStorage.setItem(name, text);
    return true;
  } catch {
    return false;
  }
}
