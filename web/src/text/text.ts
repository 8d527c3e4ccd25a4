// The console’s sentences in the language that is chosen.
import { driveEn } from './drive_en.ts';
import { driveKo } from './drive_ko.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';

export type Key = keyof typeof en | keyof typeof driveEn;

/** All languages, each with its own name. */
export const kLanguages = {
  en: { name: 'English', texts: { ...en, ...driveEn } as Record<Key, string> },
  ko: { name: '한국어', texts: { ...ko, ...driveKo } as Record<Key, string> },
};

export type Language = keyof typeof kLanguages;

let current: Language = 'en';

export function language(): Language {
  return current;
}

/** Counts for what is said from now on: called before anything is. */
export function setLanguage(chosen: Language): void {
  current = chosen;
}

export function isLanguage(text: string | null | undefined): text is Language {
  return Object.keys(kLanguages).includes(text ?? '');
}

/** A sentence; `{name}` in it becomes the value of that name. Not for constants of modules, which are made before a language is chosen. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const text = kLanguages[current].texts[key];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The first of `wishes` (“ko-KR”, as browsers have them) that there is, else English. */
export function languageFor(wishes: readonly string[]): Language {
  const known = wishes.map((wish) => wish.toLowerCase().split('-')[0]);
  return known.find(isLanguage) ?? 'en';
}
