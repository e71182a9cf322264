import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageStream } from '../../src/stream/message-stream.js';
import { cut, cuts, documents } from '../json/documents.js';
import { expectSame } from '../json/same.js';
import { soFar } from '../json/so-far.js';
import { byTier } from '../support/tier.js';
import * as ev from './events.js';

/* What was handed out in the middle of a tool's input is what it was, whenever it is read. */

const RUNS = { numRuns: byTier({ fast: 100, exhaustive: 1_000 }) };

/** Inputs as models write them and odd ones, some inside so many fields that they are made when read. */
const inputs = fc
  .tuple(documents, fc.constantFrom(0, 0, 0, 255, 300))
  .map(([{ text }, fields]) =>
    fields === 0
      ? text
      : `{${Array.from({ length: fields }, (_, i) => `"f${i}":${i % 10},`).join('')}"last":${text}}`,
  );

/** Its fragments: a long head is one of them, so that the cuts are where it matters. */
function fragmentsOf(text: string, lengths: readonly number[]): string[] {
  const head = text.length > 2_000 ? text.length - 200 : 0;
  return [...(head ? [text.slice(0, head)] : []), ...cut(text.slice(head), lengths)];
}

const START = { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} };

/** What the input shows after some of its JSON: nothing, as long as that says nothing. */
const expectedOf = (json: string): unknown => soFar(json) ?? START.input;

interface Kept {
  /** Read only after the stream has ended. */
  read: () => unknown;
  expected: unknown;
}

function check(kept: readonly Kept[], context: string): void {
  for (const { read, expected } of kept) {
    const actual = read();
    expectSame(actual, expected, context);
    expect(read()).toBe(actual);
  }
}

describe('a kept value', () => {
  it(`of a draft is what it was, in ${RUNS.numRuns} random inputs with random cuts and looks`, () => {
    const looks = fc.infiniteStream(fc.constantFrom('none', 'keep', 'read', 'live'));
    fc.assert(
      fc.property(inputs, cuts, looks, (text, lengths, ways) => {
        const draft = ev.draftOf([ev.messageStart(), ev.blockStart(0, START)]);
        const kept: Kept[] = [];
        let json = '';
        for (const fragment of fragmentsOf(text, lengths)) {
          draft.apply(ev.jsonDelta(0, fragment));
          json += fragment;
          const way = ways.next().value;
          if (way === 'live') expectSame(draft.field(0, 'input'), expectedOf(json), json);
          if (way !== 'keep' && way !== 'read') continue;
          const { snapshot } = draft;
          const input = (): unknown => snapshot?.content[0]?.input;
          if (way === 'read') input();
          kept.push({ read: input, expected: expectedOf(json) });
        }
        draft.apply(ev.blockStop(0));
        const last = draft.snapshot;
        kept.push({ read: () => last?.content[0]?.input, expected: ev.asInput(JSON.parse(text)) });
        check(kept, text);
      }),
      RUNS,
    );
  });

  it('of a stream is what it was, for readers, listeners, late readers and errors', async () => {
    await fc.assert(
      fc.asyncProperty(inputs, cuts, fc.nat(), async (text, lengths, at) => {
        const fragments = fragmentsOf(text, lengths);
        const broken = fragments.slice(0, at % (fragments.length + 1));
        const { stream, kept, see } = keeping(broken);
        stream.on('event', see);
        stream.on('inputJson', () => see(undefined));
        const error = await readAll(stream, see);
        const { partialMessage } = error as { partialMessage?: { content: { input: unknown }[] } };
        const expected = expectedOf(broken.join(''));
        kept.push({ read: () => partialMessage?.content[0]?.input, expected });
        // A late reader.
        expect(await readAll(stream, see)).toBe(error);
        expect(kept.length).toBeGreaterThan(4);
        check(kept, text);
      }),
      { numRuns: byTier({ fast: 50, exhaustive: 500 }) },
    );
  });
});

/** A stream that breaks after some fragments, and what was kept of it. */
function keeping(fragments: readonly string[]): {
  stream: MessageStream;
  kept: Kept[];
  see: (event: unknown) => void;
} {
  const events = [
    ev.messageStart(),
    ev.blockStart(0, START),
    ...fragments.map((fragment) => ev.jsonDelta(0, fragment)),
  ];
  const body = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  const stream = MessageStream.from(new Response(body.join('')));
  const kept: Kept[] = [];
  // How far the stream is, its JSON says: the input is not read before its end.
  const see = (event: unknown): void => {
    const block = stream.currentMessageSnapshot?.content[0] as
      | { input: unknown; inputState: { json: string } }
      | undefined;
    if (block !== undefined) {
      kept.push({ read: () => block.input, expected: expectedOf(block.inputState.json) });
    }
    if (event !== undefined) kept.push({ read: () => event, expected: structuredClone(event) });
  };
  return { stream, kept, see };
}

/** @returns the error that it ends with. */
async function readAll(stream: MessageStream, see: (event: unknown) => void): Promise<unknown> {
  try {
    for await (const event of stream) see(event);
  } catch (error) {
    return error;
  }
  throw new Error('the stream did not break');
}
