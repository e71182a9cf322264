/**
 * Why a text isn't JSON, as the API says it: `unexpected character: line 1 column 11 (char 10)`.
 * @param text what `JSON.parse` refuses.
 */
export function toJsonProblem(text: string): string {
  const at = findProblem(text);
  const what = at < text.length ? 'unexpected character' : 'unexpected end of data';
  const before = text.slice(0, at).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return `${what}: line ${before.length} column ${column} (char ${at})`;
}

/** Engines word and place their errors differently, so the place is found here. */
function findProblem(text: string): number {
  let at = 0;
  const open: string[] = [];
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at = pattern.lastIndex;
    return found !== null;
  };
  let expected: Expected = 'value';
  for (;;) {
    skip(SPACE);
    const step: Step | undefined = STEPS[expected](skip, open, text[at]);
    if (step === undefined || at >= text.length) return at;
    if (step.isCharacter) at++;
    expected = step.next;
  }
}

type Expected = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'rest';

interface Step {
  readonly next: Expected;
  /** The character was read that stands at the place. */
  readonly isCharacter?: boolean;
}

type Read = (
  skip: (pattern: RegExp) => boolean,
  open: string[],
  character: string | undefined,
) => Step | undefined;

const SPACE = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON's strings may not have any.
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

const readValue: Read = (skip, open, character) => {
  if (character === '{' || character === '[') {
    open.push(character);
    return { next: character === '{' ? 'key or end' : 'value or end', isCharacter: true };
  }
  return skip(STRING) || skip(SCALAR) ? { next: 'rest' } : undefined;
};

const readEnd: Read = (_, open, character) => {
  if (character !== (open.at(-1) === '{' ? '}' : ']') || open.length === 0) return undefined;
  open.pop();
  return { next: 'rest', isCharacter: true };
};

const readKey: Read = (skip) => (skip(STRING) ? { next: 'colon' } : undefined);

const STEPS: Readonly<Record<Expected, Read>> = {
  value: readValue,
  'value or end': (...given) => readEnd(...given) ?? readValue(...given),
  key: readKey,
  'key or end': (...given) => readEnd(...given) ?? readKey(...given),
  colon: (_, __, character) =>
    character === ':' ? { next: 'value', isCharacter: true } : undefined,
  rest: (skip, open, character) =>
    character === ',' && open.length > 0
      ? { next: open.at(-1) === '{' ? 'key' : 'value', isCharacter: true }
      : readEnd(skip, open, character),
};
