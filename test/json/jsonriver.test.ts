import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonStream } from '../../src/json/json-stream.js';
import { byTier } from '../support/tier.js';
import { type Document, documents } from './documents.js';
import { expectSame } from './same.js';
import { REJECTED } from './verdicts.js';

type Parse = (fragments: AsyncIterable<string>) => AsyncIterableIterator<unknown>;

// By a variable, so that the types do not need the package either.
const name: string = 'jsonriver';
const parse: Parse | undefined = await import(name).then(
  (module) => module.parse,
  () => undefined,
);
if (parse === undefined) process.stderr.write('skipped: jsonriver is not installed\n');

/*
 * The other parser with a live value. It differs in these, each tested:
 * - It shows the first half of a surrogate pair; we wait for the second.
 * - It throws on what is not JSON; we say so and keep the value.
 * - It knows no bound of depth.
 * And its value of a number at the root comes with the end of the text, as ours.
 */
describe.skipIf(parse === undefined)('next to jsonriver', () => {
  it('shows the same at each character of random documents, but for halves of pairs', async () => {
    await fc.assert(
      fc.asyncProperty(documents, async ({ text }: Document) => {
        const stream = new JsonStream();
        for (let end = 1; end <= text.length; end++) {
          const part = text.slice(0, end);
          stream.feed(text.charAt(end - 1));
          const shown = await shownByRiver(part);
          expectSame(stream.value, isInString(part) ? withoutHalf(shown, stream) : shown, part);
        }
      }),
      { seed: 9, numRuns: byTier({ fast: 60, exhaustive: 300 }) },
    );
  });

  it('shows less where a string stops in the middle of a pair', async () => {
    const stream = new JsonStream();
    stream.feed('["a\ud83d');
    expect(stream.value).toEqual(['a']);
    expect(await shownByRiver('["a\ud83d')).toEqual(['a\ud83d']);
  });

  it.each(REJECTED)('rejects %j as it does', async (text) => {
    const stream = new JsonStream();
    stream.feed(text);
    stream.end();
    expect(stream.status).not.toBe('complete');
    await expect(readAll([text])).rejects.toThrow();
  });
});

/** What jsonriver has shown when it asks for more than the first part of a text. */
async function shownByRiver(part: string): Promise<unknown> {
  let askForMore: () => void = () => {};
  const askedForMore = new Promise<'starved'>((resolve) => {
    askForMore = () => resolve('starved');
  });
  async function* fragments(): AsyncGenerator<string> {
    yield part;
    askForMore();
    await new Promise(() => {});
  }
  const values = (parse as Parse)(fragments());
  for (let value: unknown; ; ) {
    const next = await Promise.race([values.next(), askedForMore]);
    if (next === 'starved') return value;
    value = next.value;
  }
}

async function readAll(fragments: readonly string[]): Promise<void> {
  async function* source(): AsyncGenerator<string> {
    yield* fragments;
  }
  for await (const _ of (parse as Parse)(source()));
}

function isInString(part: string): boolean {
  return part.replace(/\\./gs, '').split('"').length % 2 === 0;
}

/** Takes the half of a pair off the string that is being read, if one is. */
function withoutHalf(value: unknown, stream: JsonStream, path: (string | number)[] = []): unknown {
  if (stream.isComplete(path)) return value;
  if (typeof value === 'string') return value.replace(/[\ud800-\udbff]$/, '');
  if (typeof value !== 'object' || value === null) return value;
  for (const [key, child] of Object.entries(value)) {
    const childPath = [...path, Array.isArray(value) ? Number(key) : key];
    const attributes = { writable: true, enumerable: true, configurable: true };
    Object.defineProperty(value, key, {
      value: withoutHalf(child, stream, childPath),
      ...attributes,
    });
  }
  return value;
}
