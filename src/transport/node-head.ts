import type { ResponseHead } from './port.js';

/**
 * The head of a response, from what Node says of it.
 * @param headers by their names in lower case.
 * @param raw names and values in turn. Those of HTTP/2 itself have a colon, and are left out.
 */
export function nodeHead(
  status: number,
  statusText: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  raw: readonly string[],
): ResponseHead {
  const fields = (): [string, string][] => {
    const pairs: [string, string][] = [];
    for (let i = 0; i + 1 < raw.length; i += 2) {
      const name = raw[i] as string;
      if (!name.startsWith(':')) pairs.push([name, raw[i + 1] as string]);
    }
    return pairs;
  };
  return {
    status,
    statusText,
    header: (name) => headers[name]?.toString() ?? null,
    headers: () => new Headers(fields()),
    fields,
  };
}
