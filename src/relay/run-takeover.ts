import { AnthropicError, asAnthropicError } from '../errors.js';
import type { UntypedEvent } from '../message/untyped.js';
import { continuedRun } from '../tools/continued-run.js';
import { RUN_END } from '../tools/run-wire.js';
import { traceRelay } from '../trace/relay-trace.js';
import type { HeldStream } from './held-stream.js';
import { type PastRun, readPastRun, toLostRun } from './lost-run.js';
import { lostError } from './past-source.js';
import { type AnyRun, fromEvents, fromRun, type Produced } from './producer.js';
import type { TakeoverSettings } from './takeover-settings.js';

/**
 * Goes on with a run of tools that this process has claimed: with the runner that `resumeRun` returns. Without one the
 * run ends with ProducerLostError, unless only its end was missing.
 *
 * No call of the past is made again: each has its result, or one that says what is known of it.
 */
export async function continueRun(
  settings: TakeoverSettings,
  held: HeldStream,
  epoch: number,
): Promise<void> {
  const { engine, lease, ttl } = settings;
  const { id, replica } = held;
  const past = await readPastRun(replica.entries);
  const trace = traceRelay(held.client, epoch, replica.producers.at(-1));
  const resume = (): Promise<Resumed> => resumed(settings, id, past);
  const { runner, error } = past.isOver ? {} : await (trace?.within(resume) ?? resume());
  let isMine = false;
  try {
    // Nothing beats while `resumeRun` works: a process in which it hangs loses the run.
    isMine = await engine.beat(id, epoch, lease, ttl);
  } finally {
    if (!isMine) {
      runner?.close();
      trace?.end(undefined, lostError());
    }
  }
  if (isMine) settings.produce(held, { epoch, source: toProduced(past, runner, error), trace });
}

interface Resumed {
  runner?: AnyRun | undefined;
  /** Why there is none. */
  error?: AnthropicError;
}

async function resumed(
  { resumeRun, params, warn }: TakeoverSettings,
  id: string,
  past: PastRun,
): Promise<Resumed> {
  if (resumeRun === undefined) return {};
  try {
    const run = toLostRun(past, await params.kept(id));
    const runner = (await resumeRun(id, run)) as AnyRun | undefined;
    if (runner === undefined || isRunner(runner)) return { runner };
    throw new AnthropicError(
      'resumeRun must return a runner, such as client.messages.toolRunner({ ...run.params, tools }), or undefined',
    );
  } catch (thrown) {
    const error = asAnthropicError(thrown);
    warn(`run ${id} was not taken over, since resumeRun failed: ${error.message}`);
    return { error };
  }
}

function isRunner(value: unknown): value is AnyRun {
  return typeof (value as Partial<AnyRun> | null)?.recordedEvents === 'function';
}

function toProduced(
  past: PastRun,
  runner: AnyRun | undefined,
  error: AnthropicError | undefined,
): Produced {
  if (past.isOver) return fromEvents(() => endOf(past));
  if (runner === undefined) return fromEvents(() => nothing(error));
  const source = fromRun(runner);
  return { ...source, events: () => continuedRun(past, source.events()) };
}

/** Its runner was about to end. */
async function* endOf({ rest }: PastRun): AsyncGenerator<UntypedEvent, undefined, undefined> {
  yield* rest;
  yield { type: RUN_END };
  return undefined;
}

// biome-ignore lint/correctness/useYield: it ends at once.
async function* nothing(
  error: AnthropicError | undefined,
): AsyncGenerator<UntypedEvent, undefined, undefined> {
  throw lostError(error);
}
