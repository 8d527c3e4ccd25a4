// Which cameras a publisher has: what is said about that on the channel `stream` (docs/protocol.md).
import { asFields, asString, parseJson } from './json.ts';

const kMostCameras = 32;

/** Asks the publisher which cameras there are. */
export const kAskForCameras = JSON.stringify({ camera: '?' });

export interface Cameras {
  names: string[];
  onAir: string;
}

/** The message that puts a camera on the air. */
export function selectCamera(name: string): string {
  return JSON.stringify({ camera: name });
}

/** What a publisher tells of its cameras; undefined when the text is anything else. */
export function parseCameras(text: string): Cameras | undefined {
  const fields = asFields(parseJson(text));
  const names = fields?.['cameras'];
  const onAir = asString(fields?.['camera']);
  if (!Array.isArray(names) || onAir === undefined) return undefined;
  if (names.length > kMostCameras || !names.every((name) => asString(name))) return undefined;
  return { names: [...new Set(names as string[])], onAir };
}
