/** What a server sent where the API sends a string or a number: any other value is shown as JSON. */
export function toText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

const MAX_LENGTH = 200;

/** The same, cut: for lines in which the API's values are short. */
export function toShortText(value: unknown): string {
  const text = toText(value);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}
