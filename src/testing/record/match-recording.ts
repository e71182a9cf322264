/** Where two values of JSON differ: a line for each place, such as `model: "a" is now "b"`. */
export function differences(before: unknown, now: unknown, path = ''): string[] {
  if (isTable(before) && isTable(now)) {
    const fields = new Set([...Object.keys(before), ...Object.keys(now)]);
    return [...fields].flatMap((field) =>
      differences(before[field], now[field], path === '' ? field : `${path}.${field}`),
    );
  }
  return before === now ? [] : [`${path}: ${shown(before)} is now ${shown(now)}`];
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

const SHOWN = 60;

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const json = JSON.stringify(value);
  return json.length > SHOWN ? `${json.slice(0, SHOWN)}…` : json;
}
