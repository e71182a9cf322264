import { isRecord } from '../../json/is-record.js';
import { parseJson } from '../../json/parse-json.js';

/**
 * The input of a call as it is written. Code execution is one tool for programs and several for the API: its
 * input says which, in a first field.
 */
export class CallInput {
  readonly #type: string | undefined;
  readonly #pieces: string[] = [];
  #state: 'before' | 'opened' | 'inside' = 'before';

  constructor(type: string | undefined, whole?: unknown) {
    this.#type = type;
    const isWhole = isRecord(whole) && Object.keys(whole).length > 0;
    if (isWhole) this.#pieces.push(JSON.stringify(whole));
    if (isWhole) this.#state = 'inside';
  }

  /** @returns what is to be passed on of a delta. */
  add(json: string): string {
    const delta = this.#type === undefined ? json : this.#typed(json);
    this.#pieces.push(delta);
    return delta;
  }

  /** The whole input. */
  get json(): string {
    const json = this.#pieces.join('');
    if (json === '') return '{}';
    return this.#type === undefined ? json : withType(json);
  }

  #typed(json: string): string {
    let rest = json.trimStart();
    if (this.#state === 'inside' || rest === '') return rest === '' ? '' : json;
    let start = '';
    if (this.#state === 'before') {
      this.#state = 'opened';
      start = `{"type": "${this.#type}"`;
      rest = rest.slice(1).trimStart();
      if (rest === '') return start;
    }
    this.#state = 'inside';
    return `${start}${rest.startsWith('}') ? '' : ','}${rest}`;
  }
}

/** Code that came whole, in the start of its block, has no type yet. */
function withType(json: string): string {
  try {
    const input = parseJson(json) as object;
    if ('code' in input && !('type' in input)) {
      return JSON.stringify({ type: 'programmatic-tool-call', ...input });
    }
  } catch {
    // It is cut off: the reader sees that.
  }
  return json;
}
