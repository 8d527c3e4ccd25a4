// Keys that do something anywhere on the page.

/** What is needed of a KeyboardEvent. */
export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  repeat: boolean;
}

/** `camera`: the one of that place, from 0. */
export type Shortcut = { kind: 'camera'; at: number } | { kind: 'fullScreen' };

/** What a key means; undefined: nothing. A key with a modifier is the browser’s. */
export function shortcutOf({
  key,
  ctrlKey,
  altKey,
  metaKey,
  repeat,
}: KeyPress): Shortcut | undefined {
  if (ctrlKey || altKey || metaKey || repeat) return undefined;
  if (/^[1-9]$/.test(key)) return { kind: 'camera', at: Number(key) - 1 };
  return key === 'f' || key === 'F' || key === 'ㄹ' ? { kind: 'fullScreen' } : undefined;
}

/** What is needed of an element. */
interface Field {
  tagName: string;
  type?: string;
  isContentEditable?: boolean;
}

/** What a checkbox and a button take is no text. */
const kNoText = ['checkbox', 'radio', 'button', 'submit', 'range'];

/** Whether keys go into that element as text, or choose in it. */
export function takesText({ tagName, type = '', isContentEditable = false }: Field): boolean {
  if (tagName === 'INPUT') return !kNoText.includes(type);
  return tagName === 'TEXTAREA' || tagName === 'SELECT' || isContentEditable;
}

/** Whether a key is being typed into a field: then it means nothing to the page. */
export function isTyping({ target }: { target: EventTarget | null }): boolean {
  return target !== null && 'tagName' in target && takesText(target as unknown as Field);
}
