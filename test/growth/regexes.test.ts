import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { STRING_DELTA } from '../../src/stream/parse-event.js';

const src = fileURLToPath(new URL('../../src/', import.meta.url));

/** Those that may take more than linear time, and why that harms nobody. */
const ALLOWED: Readonly<Record<string, string>> = {
  '/\\/+$/': "baseURL, the user's own, once for each client",
  '/^(authorization|proxy-authorization|x-api-key|cookie|set-cookie|anthropic-(organization|workspace|user-profile)-id|.*(token|secret|api-?key).*)$/i':
    'names of headers, whose size Node limits to 16 KB',
  '/claude-(?:[a-z]+-)*(\\d{1,2})(?:[-.](\\d{1,2}))?(?!\\d)/':
    "the model's name in the user's own params",
};

/** Files that make expressions of strings: each is tried below by itself, or is of the user's own making. */
const MADE: Readonly<Record<string, string>> = {
  'stream/parse-event.ts': 'STRING_DELTA',
  'text/cut-at-matches.ts': 'the expression that the user gives to smooth()',
  'cli/answer/extract-view.ts': 'at most the blanks before a fence',
};

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'));

/** A literal stands where a value can begin. Strings and comments are skipped. */
const TOKEN =
  /^#!.*|\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|(?<=[=(,:[!&|?{};\n]\s*|\breturn\s)\/(?![/*])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g;

function literalsIn(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8');
  return [...text.matchAll(TOKEN)]
    .map(([token]) => token)
    .filter((token) => token.startsWith('/') && !token.startsWith('//') && !token.startsWith('/*'));
}

const literals = new Map<string, string>();
for (const file of files) for (const literal of literalsIn(file)) literals.set(literal, file);

const toRegExp = (literal: string): RegExp => {
  const end = literal.lastIndexOf('/');
  return new RegExp(literal.slice(1, end), literal.slice(end + 1));
};

const FILLS = [
  ...' \t\n\r\v\f\u00a0',
  ...'aA0_-.,:;=<>/\\|!?#*~`\'"()[]{}+&%$@^é語\u0000\ud800',
  ...[
    'ab',
    'a ',
    ' \n',
    '\r\n',
    '\n ',
    'a-',
    '0.',
    '0a',
    '.0',
    '""',
    '\\\\',
    '\\"',
    '**',
    '``',
    '~~',
    '[]',
    '{}',
    'a=',
    '=,',
    ': ',
  ],
];
const ENDS = ['', 'x', '!', ' ', '\n', '"', '0', '\u0000', '}'];

/** Texts of growing length that an expression could find hard: made of what it is made of itself, and more. */
function* shapes(regex: RegExp): Generator<(size: number) => string> {
  const own = regex.source.match(/[\w-]{2,}|\\?[^\w\s]/g) ?? [];
  const words = [...new Set(own.map((word) => word.replace(/^\\(?=\W)/, '')))];
  for (const fill of new Set([...FILLS, ...words])) {
    for (const prefix of new Set(['', 'x', '\n', '"', ...words])) {
      for (const end of ENDS) yield (size) => prefix + fill.repeat(size) + end;
    }
  }
}

/** Small steps first: an exponential expression would not come back from a large one. */
const STEPS = [12, 16, 20, 24, 28, 100, 400, 1_600, 6_400];
const MOST_MS = 4;

/** The first text that takes more than linear time; undefined where none does. */
function hardText(regex: RegExp): string | undefined {
  for (const shape of shapes(regex)) {
    for (const size of STEPS) {
      const text = shape(size);
      if (timeOf(regex, text) < MOST_MS) continue;
      // A neighbour on the machine can disturb one run, and a linear one is far below this.
      if (Math.min(timeOf(regex, text), timeOf(regex, text)) >= MOST_MS) {
        return JSON.stringify(text.slice(0, 40));
      }
    }
  }
  return undefined;
}

function timeOf(regex: RegExp, text: string): number {
  const before = performance.now();
  regex.lastIndex = 0;
  text.replace(regex, '');
  return performance.now() - before;
}

describe('no regular expression over foreign text backtracks', () => {
  it('finds them', () => {
    expect(literals.size).toBeGreaterThan(40);
    expect(hardText(/\s*[\r\n]\s*/g)).toBeDefined();
    expect(hardText(/^(a+)+$/)).toBeDefined();
    expect(hardText(/\s*$/)).toBeDefined();
  });

  it('knows the files that make expressions of strings', () => {
    const making = files.filter((file) =>
      /\bnew RegExp\(|\bRegExp\(/.test(readFileSync(join(src, file), 'utf8')),
    );
    expect(making.filter((file) => !(file in MADE))).toEqual([]);
  });

  it.each([...literals, ['STRING_DELTA', 'stream/parse-event.ts'] as const])(
    '%s in %s',
    (literal) => {
      const regex = literal === 'STRING_DELTA' ? STRING_DELTA : toRegExp(literal);
      const hard = hardText(regex);
      if (literal in ALLOWED) expect(hard, 'it is linear: take it off the list').toBeDefined();
      else expect(hard).toBeUndefined();
    },
  );
});
