/** What the official SDK takes as headers: null removes one, undefined leaves it. */
export type HeadersLike =
  | Headers
  | readonly (readonly [string, string | null | undefined])[]
  | Record<string, string | readonly (string | null | undefined)[] | null | undefined>
  | null
  | undefined;

/** Headers as a record, in which null removes a default. */
export function toHeaderRecord(headers: HeadersLike): Record<string, string | null> {
  const record: Record<string, string | null> = {};
  for (const [name, value] of entries(headers)) {
    if (value === undefined) continue;
    // Names are joined whatever their case: the last one counts.
    for (const known of Object.keys(record)) {
      if (known.toLowerCase() === name.toLowerCase()) delete record[known];
    }
    record[name] = Array.isArray(value) ? value.join(', ') : (value as string | null);
  }
  return record;
}

function entries(headers: HeadersLike): Iterable<readonly [string, unknown]> {
  if (headers === null || headers === undefined) return [];
  if (headers instanceof Headers || Array.isArray(headers)) return headers as Headers;
  return Object.entries(headers);
}
