import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { check } from 'recheck';
import { parseAst } from 'rolldown/parseAst';
import { expect, it } from 'vitest';
import { INCOMPLETE, KEY } from '../src/cli/chat/key-reader.js';
import { toTokens } from '../src/cli/markdown/highlighter.js';
import { LANGUAGES } from '../src/cli/markdown/languages.js';
import { STRING_DELTA, STRING_DELTA_LINES } from '../src/stream/parse-event.js';

/*
 * No regular expression backtracks more than linearly, whatever text it meets: all of them are found, and recheck
 * proves each linear, or finds the text for which it isn't. What it can't analyse exactly (look-behind and some
 * look-ahead) it attacks with texts that it makes.
 */

interface Found {
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

const src = fileURLToPath(new URL('../src/', import.meta.url));

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);

/** Every node of a syntax tree. */
function* walk(node: unknown): Generator<Record<string, unknown>> {
  if (typeof node !== 'object' || node === null) return;
  if ('type' in node) yield node as Record<string, unknown>;
  for (const child of Object.values(node)) yield* walk(child);
}

const nodes = files.flatMap((file) => {
  const program = parseAst(readFileSync(src + file, 'utf8'), { lang: 'ts' }, file);
  return [...walk(program)].map((node) => ({ file, node }));
});

const found: Found[] = nodes.flatMap(({ file, node }) => {
  if (node.type !== 'Literal' || !('regex' in node)) return [];
  const { pattern, flags } = node.regex as { pattern: string; flags: string };
  return [{ file, source: pattern, flags }];
});

/**
 * What it attacks has to take more than 1.5 million steps. A linear expression can do that too in a text of
 * the default size, 300,000 characters; one that backtracks needs far less.
 */
const LIMITS = { timeout: 20_000, maxAttackStringSize: 20_000 };

/** All but the last were in the sources once. */
it.each([
  ['\\s*[\\r\\n]\\s*', 'g'],
  ['\\s*$', ''],
  ['^( *)(`{3,}|~{3,})[^`]*$', ''],
  ['\\/+$', ''],
  ['^(authorization|.*(token|secret|api-?key).*)$', 'i'],
  ['(a+)+$', ''],
])('the check finds what backtracks: %s', async (source, flags) => {
  expect((await check(source, flags, LIMITS)).status).toBe('vulnerable');
});

it('finds the regular expressions', () => {
  expect(found.length).toBeGreaterThan(40);
});

it('has none that is made of a text but these', () => {
  const made = nodes.filter(({ node }) => {
    const callee = (node.callee ?? {}) as { type?: string; name?: string };
    return /^(New|Call)Expression$/.test(String(node.type)) && callee.name === 'RegExp';
  });
  // All are checked below but one, which is the user's own.
  expect(made.map(({ file }) => file).sort()).toEqual([
    'cli/chat/key-reader.ts',
    'cli/chat/key-reader.ts',
    'cli/markdown/highlighter.ts',
    'stream/parse-event.ts',
    'stream/parse-event.ts',
    'text/cut-at-matches.ts',
  ]);
});

const made: [file: string, RegExp][] = [
  ['stream/parse-event.ts', STRING_DELTA],
  ['stream/parse-event.ts', STRING_DELTA_LINES],
  ['cli/chat/key-reader.ts', KEY],
  ['cli/chat/key-reader.ts', INCOMPLETE],
  ...LANGUAGES.map(([, language]): [string, RegExp] => [
    'cli/markdown/highlighter.ts',
    toTokens(language),
  ]),
];
found.push(...made.map(([file, expression]) => ({ file, ...toParts(expression) })));

function toParts({ source, flags }: RegExp): Omit<Found, 'file'> {
  return { source, flags };
}

it.each(found.map((one) => [one.file, `/${one.source}/${one.flags}`, one] as const))(
  '%s: %s is linear',
  async (_, __, { source, flags }) => {
    const result = await check(source, flags, LIMITS);
    // Its worst text, where there is one.
    const worst = result.status === 'vulnerable' ? result.attack.pattern : undefined;
    expect([result.status, worst]).toEqual(['safe', undefined]);
  },
);
