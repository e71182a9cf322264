/**
 * Why a text is not JSON, or not yet. `message` is one line: what was expected, what was found, and
 * where.
 */
export class JsonError extends SyntaxError {
  /** @internal */
  override get name(): string {
    return 'JsonError';
  }

  /** Where in the text, in UTF-16 code units over all fragments. */
  readonly position: number;
  /** The code unit that cannot stand there; undefined where the text ended. */
  readonly found: string | undefined;

  constructor(expected: string, found: string | undefined, position: number) {
    super(`expected ${expected}, found ${nameOf(found)} at position ${position}`);
    this.position = position;
    this.found = found;
  }
}

function nameOf(found: string | undefined): string {
  if (found === undefined) return 'the end of the text';
  // A code that does not print would leave the message unreadable.
  if (found > ' ' && found <= '~') return `'${found}'`;
  return `U+${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
