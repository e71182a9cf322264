import { expect, it } from 'vitest';
import { AnthropicError } from '../../src/errors.js';
import { toMessageParam } from '../../src/message/to-message-param.js';
import type { RecoverOptions } from '../../src/stream/recover/options.js';
import type { Message } from '../../src/wire/message.js';
import { clientOf, PARAMS, until } from '../stream/support.js';
import { type Exchange, rawServer, type Script } from '../support/raw-server.js';
import { corrupt, inChunks } from './corrupt.js';
import { messageIn } from './memory.js';
import { Random } from './random.js';
import { streams } from './streams.js';

const SEED = Number(process.env.MILLRACE_FUZZ_SEED ?? 20_261_121);
/** All that are asked for, where there is time for them. */
const RUNS = Number(process.env.MILLRACE_FUZZ_RUNS ?? 20_000);
const RUNS_OVER_HTTP = 2_000;

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

it(`${RUNS} damaged streams end in a message or one of our errors`, async () => {
  const counts = { complete: 0, failed: 0 };
  for (let run = 0; run < RUNS; run++) {
    const { bytes, random } = damaged(run);
    const chunks = inChunks(bytes, random);
    try {
      const wrong = wrongWith(await messageIn(chunks, random.chance(0.1)));
      if (wrong !== undefined) throw new Error(wrong);
      counts.complete++;
    } catch (error) {
      if (!(error instanceof AnthropicError)) throw new Error(which(run), { cause: error });
      counts.failed++;
    }
  }
  expect(counts.complete + counts.failed).toBe(RUNS);
  // Both must be common, or this tests nothing.
  expect(Math.min(counts.complete, counts.failed)).toBeGreaterThan(RUNS / 20);
}, 300_000);

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
