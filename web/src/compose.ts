import { parseJson } from './json.ts';

/**
 * What is sent for what a person typed: JSON as it is; other text as it is or, for peers that
 * decode every message as JSON (rtcbot's do), as a JSON string.
 */
export function compose(typed: string, quoteText: boolean): string {
  const text = typed.trim();
  if (parseJson(text) !== undefined) return text;
  return quoteText ? JSON.stringify(text) : text;
}
