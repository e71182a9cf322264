import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const src = fileURLToPath(new URL('../../src/', import.meta.url));

/** From the bottom up. A file imports from its own row and from rows before it. */
const ROWS: readonly (readonly string[])[] = [
  ['wire'],
  ['json'],
  [
    'errors',
    'errors.ts',
    'said-error.ts',
    'error-body.ts',
    'relayed-error.ts',
    'rate-limit.ts',
    'retry-policy.ts',
    'observe.ts',
    'check-options.ts',
    'name-hint.ts',
    'thrown.ts',
    'joined-text.ts',
    'async-context.ts',
    'printable.ts',
    'env.ts',
  ],
  ['sse'],
  ['recording'],
  ['pull'],
  ['schema'],
  ['message'],
  ['trace'],
  ['transport'],
  ['stream'],
  ['text'],
  ['output'],
  ['tools'],
  ['resources'],
  ['client.ts', 'options.ts', 'credentials.ts', 'log.ts', 'version.ts'],
  ['index.ts'],
];

/** What users can import. */
const PUBLIC_ENTRIES = [
  'index.ts',
  'read/index.ts',
  'testing/index.ts',
  'sync/index.ts',
  'relay/index.ts',
  'ai-sdk/index.ts',
  'react/index.ts',
  'otel/index.ts',
];

/** Separate entries. They never import each other; the command is a user of the public ones. */
const LEAVES: Readonly<Record<string, readonly string[] | 'rows' | 'public entries'>> = {
  testing: ['wire', 'sse', 'recording', 'message'],
  read: 'rows',
  sync: 'rows',
  'ai-sdk': 'rows',
  react: 'public entries',
  relay: 'rows',
  otel: 'rows',
  inspector: 'rows',
  cli: 'public entries',
};

/** The rooms of `testing/`, in the same order. Its entry imports from all of them. */
const TESTING_ROOMS: readonly string[] = [
  'model',
  'time',
  'check',
  'script',
  'wire',
  'fault',
  'record',
  'emulator',
  'index.ts',
];

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'));

/** The part of the tree a file belongs to: its folder, or itself at the top. */
const partOf = (file: string): string => file.split('/', 1)[0] ?? '';
const rowOf = (part: string): number => ROWS.findIndex((row) => row.includes(part));

const SPECIFIER = /(?:^(?:import|export)\b[^;'"]*?from\s*|\bimport\s*\(?\s*)'([^']+)'/gm;

function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8');
  return [...text.matchAll(SPECIFIER)].map(([, specifier]) => specifier ?? '');
}

function targetOf(file: string, specifier: string): string {
  if (specifier === '#transport') return 'transport/node.ts';
  const path = resolve(join(src, dirname(file)), specifier.replace(/\.js$/, '.ts'));
  return relative(src, path).split('\\').join(posix.sep);
}

function isAllowed(file: string, target: string): boolean {
  const from = partOf(file);
  const to = partOf(target);
  if (from === to) return true;
  const rights = LEAVES[from];
  if (rights === 'public entries') return PUBLIC_ENTRIES.includes(target);
  if (to in LEAVES) return false;
  if (rights === 'rows') return rowOf(to) !== -1;
  if (rights !== undefined) return rights.includes(to);
  return rowOf(to) !== -1 && rowOf(to) <= rowOf(from);
}

it('every part of the tree has a place in the layers', () => {
  const parts = new Set(files.map(partOf));
  const homeless = [...parts].filter((part) => rowOf(part) === -1 && !(part in LEAVES));
  expect(homeless).toEqual([]);
});

it('imports only from its own row and from rows before it', () => {
  const wrong: string[] = [];
  let seen = 0;
  for (const file of files) {
    for (const specifier of importsOf(file)) {
      if (!/^[.#]/.test(specifier)) continue;
      seen++;
      const target = targetOf(file, specifier);
      if (!files.includes(target)) wrong.push(`${file}: ${specifier} is no file`);
      else if (!isAllowed(file, target)) wrong.push(`${file} -> ${target}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(seen).toBeGreaterThan(100);
});

it('every room of testing imports only from itself and from rooms before it', () => {
  const roomOf = (file: string): number => TESTING_ROOMS.indexOf(file.split('/')[1] ?? '');
  const wrong: string[] = [];
  let seen = 0;
  for (const file of files.filter((one) => partOf(one) === 'testing')) {
    if (roomOf(file) === -1) wrong.push(`${file} is in no room`);
    for (const specifier of importsOf(file)) {
      const target = targetOf(file, specifier);
      if (partOf(target) !== 'testing') continue;
      seen++;
      if (roomOf(target) > roomOf(file)) wrong.push(`${file} -> ${target}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(seen).toBeGreaterThan(100);
});

it('the core imports no package, and node: only where Node is', () => {
  const NODE_FILES = [
    'transport/node.ts',
    'transport/address.ts',
    'transport/agents.ts',
    'transport/http1.ts',
    'transport/http2/',
    'transport/readable-body.ts',
    'transport/proxy/',
    'transport/inspect/',
    'transport/codings/',
    'cli/',
    'sync/',
    'testing/emulator/serve.ts',
    'testing/emulator/listen.ts',
    'testing/emulator/break-off.ts',
    'testing/model/builtin.ts',
    'relay/node-modules.ts',
    'relay/log-file.ts',
    'relay/file-lock.ts',
  ];
  /** The peers of an entry. Of the AI SDK there are only types: nothing of it is loaded (size.test.ts). */
  const PEERS: Readonly<Record<string, string>> = {
    react: 'react/',
    '@ai-sdk/provider': 'ai-sdk/',
    '@opentelemetry/api': 'otel/',
  };
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((specifier) => !/^[.#]/.test(specifier))
      .filter((specifier) => !file.startsWith(PEERS[specifier] ?? ' '))
      .filter(
        (specifier) =>
          !specifier.startsWith('node:') || !NODE_FILES.some((p) => file.startsWith(p)),
      )
      .map((specifier) => `${file} -> ${specifier}`),
  );
  expect(wrong).toEqual([]);
});

it('has no folder of odds and ends, and no barrel', () => {
  expect(files.filter((file) => /utils?|helpers?|common|misc/.test(file))).toEqual([]);
  const barrels = files.filter((file) => file.includes('/') && file.endsWith('index.ts'));
  expect(barrels.filter((file) => !(partOf(file) in LEAVES))).toEqual([]);
});

it('has no file over 300 lines but tables of types', () => {
  const linesOf = (file: string): string[] => readFileSync(join(src, file), 'utf8').split('\n');
  const isAlias = (line: string): boolean => /^ {2}export type \w+ = api\.\w+;$/.test(line);
  const long = files
    .filter((file) => !file.startsWith('wire/'))
    .map((file) => [file, linesOf(file).filter((line) => !isAlias(line)).length] as const)
    .filter(([, lines]) => lines > 300);
  expect(long).toEqual([]);
});
