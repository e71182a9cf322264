import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as millrace from '../../src/index.js';
import { toRelayedBody } from '../../src/stream/to-relayed-body.js';

/*
 * Tables of names go stale when a name comes or goes. Each of these is held against what it lists.
 */

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** What stands in `code` in the rows of a page's tables: in one column, or anywhere. */
function inTables(page: string, column?: number): Set<string> {
  const rows = read(`docs/${page}`)
    .split('\n')
    .filter((line) => line.startsWith('|'));
  const cells = rows.map((row) => (column === undefined ? row : (row.split('|')[column] ?? '')));
  return new Set(
    cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code)) as string[],
  );
}

/** Names that are followed by more, such as `tee()` or `stream.on(…)`, by themselves. */
function names(codes: Iterable<string>): Set<string> {
  return new Set([...codes].flatMap((code) => code.match(/\w+/g) ?? []));
}

/** The public members of a class, from its declaration: what is internal is not in it. */
function membersOf(declaration: string): string[] {
  const [, body = ''] = read(declaration).split('export declare class');
  const members = [...body.matchAll(/^ {4}(?:static |get |readonly )*(\w+)[(<:]/gm)];
  return [...new Set(members.map(([, name]) => name as string))].filter(
    (name) => name !== 'constructor',
  );
}

const matches = (path: string, pattern: RegExp): string[] =>
  [...read(path).matchAll(pattern)].map(([, name]) => name as string);

function missing(wanted: readonly string[], found: ReadonlySet<string>): string[] {
  expect(wanted.length).toBeGreaterThan(3);
  return wanted.filter((name) => !found.has(name));
}

const errorClasses = Object.entries(millrace)
  .filter(([, value]) => typeof value === 'function' && value.prototype instanceof Error)
  .map(([name]) => name);

describe('the table of errors', () => {
  const listed = inTables('errors.md', 1);

  it('has every error class that is exported', () => {
    expect(missing(errorClasses, listed)).toEqual([]);
  });

  it('has no class that is not', () => {
    const classes = [...listed].filter((name) => name.endsWith('Error'));
    expect(classes.filter((name) => !errorClasses.includes(name))).toEqual([]);
  });
});

describe.each(['coming-from-python.md', 'coming-from-anthropic-sdk.md'])(
  'the tables of %s',
  (page) => {
    const listed = names(inTables(page));

    it.each(['dist/types/stream/message-stream.d.ts', 'dist/types/stream/stream.d.ts'])(
      'have every public name of %s',
      (declaration) => {
        expect(missing(membersOf(declaration), listed)).toEqual([]);
      },
    );
  },
);

describe('the table of listeners', () => {
  it('has every name that can be listened to', () => {
    const listeners = matches('src/stream/listeners.ts', /^ {2}(\w+): \(.*\) => void;$/gm);
    expect(missing(listeners, inTables('streaming.md', 1))).toEqual([]);
  });
});

describe('the tables of events and blocks', () => {
  const listed = inTables('events-and-blocks.md');
  const blocks = (path: string): string[] =>
    matches(path, /^export interface \w+Block \{\n(?: {2}\/\*\*.*\n)? {2}type: '(\w+)'/gm);

  it.each([
    ['events', matches('src/wire/events.ts', /^ {2}type: '((?:message|content)_\w+)'/gm)],
    ['deltas', matches('src/wire/deltas.ts', /^ {2}type: '(\w+)'/gm)],
    ['blocks', blocks('src/wire/blocks.ts')],
  ])('have all %s that are typed', (_, types) => {
    expect(missing(types, listed)).toEqual([]);
  });
});

describe('the table of error types on the wire', () => {
  it('has the types of client-side errors', () => {
    const { APITimeoutError, ...rest } = millrace;
    const ours = [
      ...(['response', 'idle', 'stall', 'total'] as const).map(
        (phase) => new APITimeoutError('', phase),
      ),
      new rest.APIConnectionError(''),
      new rest.StreamTruncatedError(''),
      new rest.APIUserAbortError(''),
      new rest.StreamProtocolError(''),
      new rest.AnthropicError(''),
    ];
    const types = ours.map((error) => toRelayedBody(error, true).error.type as string);
    expect(missing(types, inTables('wire.md', 1))).toEqual([]);
  });
});
