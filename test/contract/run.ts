import type { ContractCase } from './cases.js';
import { differences, type Expectation, type Outcome } from './outcome.js';
import { SEEN } from './script.js';
import type { Question } from './server.js';

/** What the cases need of a client, whether it gives promises or blocks: either can be awaited. */
export interface Client {
  messages: {
    stream(params: typeof PARAMS, options?: ContractCase['options']): Reading;
    create(params: typeof PARAMS & { stream: true }, options?: ContractCase['options']): Answer;
  };
}

interface Whole {
  readonly textStream: Iterable<string> | AsyncIterable<string>;
  readonly currentMessageSnapshot: unknown;
  connect(): unknown;
  getFinalMessage(): unknown;
}

type Reading = Whole & Events;
type Events = Iterable<{ type: string }> | AsyncIterable<{ type: string }>;
type Answer = Events | PromiseLike<Events>;

/** A client whose base URL is that of one case, and a way to ask the server about it. */
export interface Runner {
  client: Client;
  ask: (question: Question) => Promise<unknown>;
}

export const PARAMS = {
  model: 'claude-test',
  max_tokens: 1000,
  messages: [{ role: 'user' as const, content: 'Hi' }],
};

/** How a case can be read; each gives what was not as expected, one line for each. */
export const ways: Readonly<
  Record<string, (test: ContractCase, runner: Runner) => Promise<string[]>>
> = { stream, create };

async function stream(test: ContractCase, { client, ask }: Runner): Promise<string[]> {
  const read = client.messages.stream(PARAMS, test.options);
  const outcome = await outcomeOf(test, ask, async () => {
    await read.connect();
    return read;
  });
  outcome.message = read.currentMessageSnapshot;
  if (test.closes) await ask('left');
  return [...differences(outcome, test.expect), ...(await afterwards(read, outcome))];
}

async function create(test: ContractCase, { client, ask }: Runner): Promise<string[]> {
  const outcome = await outcomeOf(test, ask, () =>
    client.messages.create({ ...PARAMS, stream: true }, test.options),
  );
  if (test.closes) await ask('left');
  return differences(outcome, test.raw ?? unaccumulated(test.expect));
}

/** Raw events make no message, so no partial one either. */
function unaccumulated({ message: _, error, ...expected }: Expectation): Expectation {
  return error === undefined ? expected : { ...expected, error: { ...error, partialText: null } };
}

async function outcomeOf(
  { slow, script }: ContractCase,
  ask: Runner['ask'],
  open: () => Answer,
): Promise<Outcome> {
  const outcome: Outcome = { events: [], text: '' };
  try {
    const events = await open();
    const pieces = Array.from((script.body ?? []) as Iterable<unknown>);
    let unseen = pieces.includes(SEEN);
    const saySeen = async () => {
      unseen = false;
      await ask('seen');
    };
    if (pieces[0] === SEEN) await saySeen();
    for await (const event of events) {
      note(outcome, event);
      // All pieces of a case fit into one segment. Chromium may still drop it when only the headers are here.
      if (unseen) await saySeen();
      if (slow) await ask('played');
    }
  } catch (error) {
    outcome.error = error;
  }
  return outcome;
}

function note(outcome: Outcome, event: { type: string; delta?: { text?: string } }): void {
  if (event.type === 'ping') return;
  outcome.events.push(event.type);
  if (event.type === 'content_block_delta') outcome.text += event.delta?.text ?? '';
}

/** Whoever comes later must get the same. */
async function afterwards(read: Reading, { message, text, error }: Outcome): Promise<string[]> {
  const late: Outcome = { events: [], text: '' };
  try {
    for await (const piece of read.textStream) late.text += piece;
  } catch (failure) {
    late.error = failure;
  }
  const final = await finalOf(read);
  const checks = {
    // Blocks that were interleaved come one after the other.
    'the text for a late reader': sorted(late.text) === sorted(text),
    'the error for a late reader': late.error === error,
    'the final message or its error': final === (error ?? message),
  };
  return Object.entries(checks).flatMap(([what, holds]) => (holds ? [] : [`${what} is another`]));
}

async function finalOf(read: Reading): Promise<unknown> {
  try {
    return await read.getFinalMessage();
  } catch (failure) {
    return failure;
  }
}

function sorted(text: string): string {
  return [...text].sort().join('');
}
