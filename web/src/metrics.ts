// Telemetry: the numbers in a JSON message, each under a name.
import { asFields, asNumber, asString, type Fields, parseJson } from './json.ts';

const kDeepest = 6;
const kMostFields = 64;

export type Reading = [name: string, value: number];

/**
 * The numeric fields of a `metric` message. Names are the paths to them, and the SpiderCar's
 * `{"ir":{"key":"detectTime","value":1639.25}}` is "ir.detectTime". Text that holds no JSON or no
 * number gives nothing.
 */
export function readings(text: string): Reading[] {
  let value = parseJson(text);
  // rtcbot encodes whatever it sends, a text that was JSON already too.
  if (typeof value === 'string') value = parseJson(value);
  const found: Reading[] = [];
  collect(value, '', 0, found);
  return found;
}

function collect(value: unknown, path: string, depth: number, found: Reading[]): void {
  const number = asNumber(value);
  if (number !== undefined && found.length < kMostFields) found.push([path || 'value', number]);
  if (typeof value !== 'object' || value === null || depth === kDeepest) return;
  const fields = asFields(value);
  const keyed = fields && keyedReading(fields, path);
  if (keyed) {
    found.push(keyed);
    return;
  }
  for (const [name, child] of Object.entries(value)) {
    collect(child, path ? `${path}.${name}` : name, depth + 1, found);
  }
}

/** `{"key":"maxSpeed","value":400}` is one reading that is called maxSpeed. */
function keyedReading(fields: Fields, path: string): Reading | undefined {
  const key = asString(fields['key']);
  const value = asNumber(fields['value']);
  if (!key || value === undefined) return undefined;
  return [path ? `${path}.${key}` : key, value];
}
