// What /api/channels tells.
import { getJson } from './api.ts';
import { asFields, asNumber, asString } from './json.ts';

export interface ChannelInfo {
  id: string;
  /** Undefined when nobody publishes. */
  publisher: { codec: string | undefined; kbps: number | undefined } | undefined;
  subscribers: number;
}

/** Reads the answer; entries without an id are left out, missing fields are unknown or 0. */
export function parseChannels(value: unknown): ChannelInfo[] {
  const list = asFields(value)?.['channels'];
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry): ChannelInfo[] => {
    const fields = asFields(entry);
    const id = asString(fields?.['id']);
    if (!fields || !id) return [];
    const subscribers = asNumber(fields['subscribers']) ?? 0;
    return [{ id, publisher: parsePublisher(fields['publisher']), subscribers }];
  });
}

/** Those that one may view. Throws as getJson() does. */
export async function fetchChannels(): Promise<ChannelInfo[]> {
  return parseChannels(await getJson('/api/channels'));
}

function parsePublisher(value: unknown): ChannelInfo['publisher'] {
  const fields = asFields(value);
  if (!fields || fields['connected'] === false) return undefined;
  return { codec: asString(fields['codec']), kbps: asNumber(fields['kbps']) };
}
