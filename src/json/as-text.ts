/** A text, or what JSON makes of anything else. `String` fails for an object from JSON that has a field `toString`. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
