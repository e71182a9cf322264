import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type OutputChunk, rolldown } from 'rolldown';
import { describe, expect, it } from 'vitest';

/*
 * Ceilings of what the package costs before it does anything, counted of the build, so that they are the
 * same on every machine; `npm run bench` measures times. Who brings a size down lowers its ceiling.
 */

const root = fileURLToPath(new URL('../../', import.meta.url));
const PARAMS = `{ model: 'm', max_tokens: 1, messages: [] }`;

/**
 * What a page loads at first is its entry with the static imports behind it. `all` adds what is loaded when
 * `create`, `toolRunner`, `recover`, `follow` or `toResponse` is first used, a tool call begins, or a server
 * writes what the API would not; a bundler that does not split loads about that much at once.
 */
// biome-ignore format: a table
const BUNDLES: readonly [use: string, platform: 'node' | 'browser', first: number, all: number, code: string][] = [
  ['messages.stream', 'node', 41_550, 76_100, `import { Anthropic } from 'millrace'; new Anthropic().messages.stream(${PARAMS});`],
  ['messages.stream', 'browser', 35_540, 61_890, `import { Anthropic } from 'millrace'; new Anthropic().messages.stream(${PARAMS});`],
  ['MessageStream.from', 'browser', 24_200, 35_710, `import { MessageStream } from 'millrace'; MessageStream.from(new Response());`],
  ['RunStream.from', 'browser', 26_215, 42_180, `import { RunStream } from 'millrace'; RunStream.from(new Response());`],
  ['useMessageStream', 'browser', 24_675, 36_130, `import { useMessageStream } from 'millrace/react'; useMessageStream();`],
  ['useChat', 'browser', 29_810, 44_800, `import { useChat } from 'millrace/react'; useChat();`],
  ['read', 'browser', 6_000, 6_000, `import { read } from 'millrace/read'; for await (const event of read(new Response())) console.log(event);`],
  ['smooth', 'browser', 3_350, 3_350, `import { smooth } from 'millrace'; console.log(smooth);`],
  ['tool', 'browser', 2_680, 2_680, `import { tool } from 'millrace'; console.log(tool);`],
  ['the error classes', 'browser', 1_430, 1_430, `import { APIError, OverloadedError, APITimeoutError } from 'millrace'; console.log(APIError, OverloadedError, APITimeoutError);`],
  ['one error class', 'browser', 710, 710, `import { AnthropicError } from 'millrace'; console.log(AnthropicError);`],
  ['nothing', 'browser', 20, 20, `import 'millrace'; import 'millrace/read'; import 'millrace/testing';`],
];

describe('a bundle, minified and gzipped,', () => {
  it.each(BUNDLES)(
    'of %s for %s takes at most %i bytes at first, %i in all',
    async (_, platform, first, all, code) => {
      const sizes = await bundledSizes(code, platform);
      expect(sizes.first).toBeLessThanOrEqual(first);
      expect(sizes.all).toBeLessThanOrEqual(all);
    },
  );
});

/** What stands behind an entry: files that Node finds, reads and compiles at the import (scripts/build.mjs). */
const IMPORTS: readonly [entry: string, files: number, bytes: number][] = [
  ['dist/index.js', 10, 292_600],
  ['dist/sync.js', 11, 368_300],
  // Of the AI SDK it has only types.
  ['dist/ai-sdk.js', 10, 380_800],
];

describe('an import', () => {
  it.each(IMPORTS)('of %s loads at most %i files and %i bytes', (entry, most, bytes) => {
    const { files, external } = loadedBy(`${root}${entry}`);
    expect(files.size).toBeLessThanOrEqual(most);
    expect(sum([...files.values()].map((text) => text.length))).toBeLessThanOrEqual(bytes);
    expect([...external]).toEqual([]);
  });
});

it('the file for pages without a bundler loads nothing else, and takes at most 68 KB gzipped', () => {
  const text = readFileSync(`${root}dist/browser.js`, 'utf8');
  expect(text).not.toMatch(/\bimport\s*[("'{*]|[}\w]\s*from\s*["'`](?!millrace)/);
  expect(text.match(/export\{[^}]*\bas Anthropic\b/)).toBeTruthy();
  expect(gzipSync(text, { level: 9 }).length).toBeLessThanOrEqual(68_840);
});

it('the package takes at most 1754 KB unpacked', async () => {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const { stdout } = await promisify(execFile)('npm', args, { cwd: root });
  const told: unknown = JSON.parse(stdout);
  const [packed] = Object.values(told as Record<string, { unpackedSize: number }>);
  expect(packed?.unpackedSize).toBeGreaterThan(100_000);
  expect(packed?.unpackedSize).toBeLessThanOrEqual(1_754_000);
});

async function bundledSizes(
  code: string,
  platform: 'node' | 'browser',
): Promise<{ first: number; all: number }> {
  const entry = `${root}entry.js`;
  const bundle = await rolldown({
    input: entry,
    platform,
    external: ['react'],
    tsconfig: false, // Its paths would lead into src/.
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? code : null),
      },
    ],
  });
  const { output } = await bundle.generate({ minify: true });
  const chunks = new Map<string, OutputChunk>();
  for (const file of output) if (file.type === 'chunk') chunks.set(file.fileName, file);
  const size = (names: Iterable<string>): number =>
    sum([...names].map((name) => gzipSync(chunks.get(name)?.code ?? '', { level: 9 }).length));
  return { first: size(loadedAtFirst(output[0].fileName, chunks)), all: size(chunks.keys()) };
}

function loadedAtFirst(
  name: string,
  chunks: ReadonlyMap<string, OutputChunk>,
  seen: Set<string> = new Set(),
): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const imported of chunks.get(name)?.imports ?? []) loadedAtFirst(imported, chunks, seen);
  return seen;
}

const STATIC_IMPORT = /^(?:(?:import|export)\b[^;'"]*?\bfrom |import )"([^"]+)";$/gm;

/** All files behind static imports, with their texts, and what is imported from elsewhere. */
function loadedBy(entry: string): { files: Map<string, string>; external: Set<string> } {
  const files = new Map<string, string>();
  const external = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    const text = readFileSync(file, 'utf8');
    files.set(file, text);
    for (const [, specifier = ''] of text.matchAll(STATIC_IMPORT)) {
      if (specifier === '#transport') visit(`${root}dist/transport/node.js`);
      else if (specifier.startsWith('.')) visit(resolve(dirname(file), specifier));
      else external.add(specifier);
    }
  };
  visit(entry);
  return { files, external };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
