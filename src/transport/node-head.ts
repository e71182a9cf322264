import type { ResponseHead } from './port.js';

/** The head of a response, from what Node says of it. A class: closures would take 200 bytes of an idle stream. */
export class NodeHead implements ResponseHead {
  readonly status: number;
  readonly statusText: string;
  readonly #raw: readonly string[];

  /**
   * @param raw names in any case and values in turn. Those of HTTP/2 itself have a colon, and are left out. They alone
   * are kept: Node's object of headers by name would take 400 bytes of an idle stream.
   */
  constructor(status: number, statusText: string, raw: readonly string[]) {
    this.status = status;
    this.statusText = statusText;
    this.#raw = raw;
  }

  header(name: string): string | null {
    return joinedValue(name, this.#raw);
  }

  headers(): Headers {
    return new Headers(this.fields());
  }

  fields(): [string, string][] {
    const raw = this.#raw;
    const pairs: [string, string][] = [];
    for (let i = 0; i + 1 < raw.length; i += 2) {
      const name = raw[i] as string;
      if (!name.startsWith(':')) pairs.push([name, raw[i + 1] as string]);
    }
    return pairs;
  }
}

/** As `Headers` has it: several values are joined. @param name in lower case. */
function joinedValue(name: string, raw: readonly string[]): string | null {
  let value: string | null = null;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const found = raw[i] as string;
    if (found.length !== name.length || found.toLowerCase() !== name) continue;
    value = value === null ? (raw[i + 1] as string) : `${value}, ${raw[i + 1]}`;
  }
  return value;
}
