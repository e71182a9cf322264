import {
  type Anthropic,
  AnthropicError,
  type Message,
  type MessageStream,
  type MessageStreamEvent,
  type MessageStreamParams,
  type StreamOptions,
} from '../../index.js';
import { DONE, exitCodeOf } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import { closingLine } from './closing-line.js';
import type { EventFile } from './event-file.js';
import { Meter } from './meter.js';
import { Output } from './output.js';
import { smoothed } from './smoothed.js';
import { StatusLine } from './status-line.js';
import type { Stop } from './stop.js';
import { styleFor } from './style.js';
import { usageLines } from './usage-lines.js';
import type { Unfit, View, ViewMaker } from './view.js';

/** One question, and how its answer is to be shown. */
export interface Question {
  client: Anthropic;
  params: MessageStreamParams;
  options: StreamOptions;
  view: ViewMaker;
  /** Shows the text at an even pace. */
  smooth: boolean;
  /** Says every counter of the usage. */
  usage: boolean;
  /** Keeps the events. */
  record: EventFile | undefined;
}

/** How it went. */
export interface Answered {
  code: number;
  /** What came of the answer. */
  message: Message | undefined;
}

/**
 * Streams one answer to stdout and says on stderr how it went. An AnthropicError is told there, and
 * what came is printed.
 */
export async function answer(
  question: Question,
  terminal: Terminal,
  stop: Stop,
): Promise<Answered> {
  const { client, params, options } = question;
  const meter = new Meter();
  const status = new StatusLine(terminal);
  const view = question.view(new Output(terminal, status, stop.signal));
  const stream = client.messages.stream(params, { ...options, signal: stop.signal });
  tellNews(stream, status);
  status.start(params.model);
  try {
    const failure = await show(stream, view, meter, question);
    const unfit = await view.end?.(stream.currentMessageSnapshot);
    status.clear();
    const { stopped } = stop;
    const problem = stopped === undefined ? (failure ?? unfit) : undefined;
    if (problem !== undefined) terminal.stderr.write(`millrace: ${problem.message}\n`);
    if (!stopped?.isQuiet) tellEnd(stream, meter, question, terminal);
    const { code } = stopped ?? problem ?? { code: DONE };
    return { code, message: stream.currentMessageSnapshot };
  } finally {
    status.clear();
    stream.close();
  }
}

/** @returns how it failed. */
async function show(
  stream: MessageStream,
  view: View,
  meter: Meter,
  { record, smooth }: Question,
): Promise<Unfit | undefined> {
  const seen = tapped(stream, async (event) => {
    meter.see(event);
    await record?.add(event);
  });
  try {
    for await (const event of smooth ? smoothed(seen) : seen) await view.event?.(event);
    return undefined;
  } catch (error) {
    if (!(error instanceof AnthropicError)) throw error;
    return { code: exitCodeOf(error), message: `${error.name}: ${error.message}` };
  }
}

async function* tapped(
  events: AsyncIterable<MessageStreamEvent>,
  see: (event: MessageStreamEvent) => Promise<void>,
): AsyncGenerator<MessageStreamEvent> {
  for await (const event of events) {
    await see(event);
    yield event;
  }
}

/** What happens between requests. */
function tellNews(stream: MessageStream, status: StatusLine): void {
  stream.on('retry', ({ attempt, delay, error }) =>
    status.tell(
      `${error.name}: ${error.message}: retry ${attempt} in ${(delay / 1000).toFixed(1)} s`,
    ),
  );
  stream.on('recover', ({ error }) =>
    status.tell(`${error.name}: ${error.message}: asking for the rest`),
  );
  stream.on('restart', ({ discarded }) =>
    status.tell(
      `what cannot be continued comes anew: ${discarded.map(({ type }) => type).join(', ')}`,
    ),
  );
}

function tellEnd(
  stream: MessageStream,
  meter: Meter,
  { usage }: Question,
  { stderr, env }: Terminal,
): void {
  const message = stream.currentMessageSnapshot;
  const { dim } = styleFor(stderr, env);
  const counters = usage ? usageLines(message, stream.attempts) : [];
  const lines = [...counters, closingLine(message, meter.timing, stream.requestId)];
  for (const line of lines) stderr.write(`${dim(line)}\n`);
}
