import { expect, it } from 'vitest';
import { AnthropicError } from '../../src/errors.js';
import { toMessageParam } from '../../src/message/to-message-param.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import type { RecoverOptions } from '../../src/stream/recover/options.js';
import type { Message } from '../../src/wire/message.js';
import { clientOf, PARAMS, until } from '../stream/support.js';
import { type Exchange, rawServer, type Script } from '../support/raw-server.js';
import { byTier } from '../support/tier.js';
import { corrupt, inChunks } from './corrupt.js';
import { Random } from './random.mjs';
import { isMadeBy } from './reference.js';
import { streams } from './streams.js';

const SEED = Number(process.env.MILLRACE_FUZZ_SEED ?? 20_261_121);
const RUNS = byTier({ fast: 2_000, exhaustive: Number(process.env.MILLRACE_FUZZ_RUNS ?? 20_000) });
const RUNS_OVER_HTTP = byTier({ fast: 200, exhaustive: 2_000 });

const originals = streams();

function damaged(run: number): { bytes: Buffer; random: Random } {
  const random = new Random(SEED + run * 7_919);
  return { bytes: corrupt(random.of(originals), originals, random), random };
}

/** To repeat a run that went wrong. */
const which = (run: number): string =>
  `run ${run} of MILLRACE_FUZZ_SEED=${SEED}: ${JSON.stringify(damaged(run).bytes.toString())}`;

/** What is wrong with a message that is said to be complete. */
function wrongWith(message: unknown): string | undefined {
  const { content } = (message ?? {}) as Message;
  if (!Array.isArray(content)) return 'it is no message';
  if (!content.every((block) => typeof block?.type === 'string')) return 'not all are blocks';
  return toMessageParam(message as Message).role === 'assistant' ? undefined : 'it cannot be sent';
}

interface Outcome {
  /** The message; of a failed stream what its error says was received. */
  message: Message | undefined;
  error: unknown;
}

/** Reads a body whose chunks are there at once or one turn later. */
async function outcomeOf(chunks: readonly Buffer[], isDelayed: boolean): Promise<Outcome> {
  const rest = chunks.values();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (isDelayed) await undefined;
        const { done, value } = rest.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );
  try {
    return { message: await MessageStream.from(body).getFinalMessage(), error: undefined };
  } catch (error) {
    return { message: (error as Partial<AnthropicError>).partialMessage, error };
  }
}

/** What is wrong with how a damaged stream ended. */
function wrongEnd(bytes: Buffer, { message, error }: Outcome): string | undefined {
  if (error !== undefined && !(error instanceof AnthropicError)) return `a foreign error, ${error}`;
  const wrong = error === undefined ? wrongWith(message) : undefined;
  if (wrong !== undefined) return wrong;
  if (isMadeBy(bytes, message, error?.name)) return undefined;
  return `its message is not what its events make: ${JSON.stringify(message)}`;
}

it(`${RUNS} damaged streams end in a message or one of our errors, with what their events say`, async () => {
  const ends: Record<string, number> = {};
  for (let run = 0; run < RUNS; run++) {
    const { bytes, random } = damaged(run);
    const chunks = inChunks(bytes, random);
    const outcome = await outcomeOf(chunks, random.chance(0.1));
    const wrong = wrongEnd(bytes, outcome);
    if (wrong !== undefined) throw new Error(`${wrong}: ${which(run)}`, { cause: outcome.error });
    const end = outcome.error === undefined ? 'complete' : (outcome.error as Error).name;
    ends[end] = (ends[end] ?? 0) + 1;
  }
  // Each of them must be common, or this tests little.
  for (const end of ['complete', 'StreamTruncatedError', 'StreamProtocolError']) {
    expect(ends[end], end).toBeGreaterThan(RUNS / 20);
  }
  expect(ends.OverloadedError).toBeGreaterThan(RUNS / 1_000);
}, 900_000);

it(`${RUNS_OVER_HTTP} of them over HTTP, for every reader alike, half of them mended`, async () => {
  await using server = await rawServer(({ path }: Exchange, n): Script => {
    const run = Number(path.split('/')[1]);
    // The rest that is asked for is damaged in a way of its own.
    const { bytes, random } = damaged(asked.has(run) ? RUNS + n : run);
    asked.add(run);
    return { body: inChunks(bytes, random), end: random.chance(0.2) ? 'reset' : 'clean' };
  });
  const asked = new Set<number>();
  const wrong: string[] = [];
  for (let from = 0; from < RUNS_OVER_HTTP; from += 50) {
    const batch = Array.from({ length: 50 }, (_, i) => from + i);
    const found = await Promise.all(
      batch.map(async (run) => {
        const recover = run % 2 === 1 && { attempts: 2 };
        const problem = await wrongOverHttp({ url: `${server.url}/${run}` }, recover);
        return problem === undefined ? [] : [`${problem}: ${which(run)}`];
      }),
    );
    wrong.push(...found.flat());
  }
  expect(asked.size).toBe(RUNS_OVER_HTTP);
  expect(wrong).toEqual([]);
}, 60_000);

async function wrongOverHttp(
  server: { url: string },
  recover: false | RecoverOptions,
): Promise<string | undefined> {
  const stream = clientOf(server).messages.stream(PARAMS, { recover });
  const [message, events, text] = await Promise.all([
    stream.getFinalMessage().catch((error: unknown) => error),
    until(stream),
    until(stream.textStream),
  ]);
  if (!(message instanceof Error)) {
    if (events.error !== undefined || text.error !== undefined) return 'a reader failed alone';
    return wrongWith(message);
  }
  if (!(message instanceof AnthropicError)) return `a foreign error, ${message}`;
  return events.error === message && text.error === message ? undefined : 'the errors differ';
}
