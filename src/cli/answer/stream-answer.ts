import {
  type Anthropic,
  AnthropicError,
  type Message,
  type MessageStream,
  type MessageStreamEvent,
  type MessageStreamParams,
  type OutputMessageStream,
  type StreamOptions,
} from '../../index.js';
import { DONE, getExitCode } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import type { EventFile } from './event-file.js';
import type { Interrupter } from './interruption.js';
import { Output } from './output.js';
import { smoothEvents } from './smooth-events.js';
import { StatusLine } from './status-line.js';
import { Meter, toClosingLine, toUsageLines } from './summary.js';
import { toShortText } from './to-text.js';
import type { View, ViewFactory, ViewProblem } from './view.js';

/** One request, and how its answer is shown. */
export interface AnswerRequest {
  client: Anthropic;
  params: MessageStreamParams;
  options: StreamOptions;
  view: ViewFactory;
  /** Shows the text at an even pace. */
  smooth: boolean;
  /** Prints all usage counters. */
  usage: boolean;
  /** Where the events are recorded. */
  record: EventFile | undefined;
}

export interface AnswerResult {
  /** The exit code. */
  code: number;
  /** What has arrived of the answer. */
  message: Message | undefined;
}

/**
 * Streams one answer to stdout and reports on stderr how it went. An AnthropicError is reported there
 * too; what has arrived before it is printed.
 */
export async function streamAnswer(
  request: AnswerRequest,
  terminal: Terminal,
  interrupter: Interrupter,
): Promise<AnswerResult> {
  const { client, params, options } = request;
  const { signal } = interrupter;
  const meter = new Meter();
  const status = new StatusLine(terminal);
  const view = request.view(new Output(terminal, status, signal));
  const stream = client.messages.stream(params, { ...options, signal });
  reportRetries(stream, status);
  status.start(params.model);
  try {
    const failure = await show(stream, view, meter, request);
    const viewProblem = await view.end?.(stream.currentMessageSnapshot);
    status.clear();
    const { interruption } = interrupter;
    const problem = interruption === undefined ? (failure ?? viewProblem) : undefined;
    if (problem !== undefined) terminal.stderr.printLine(`millrace: ${problem.message}`);
    if (!interruption?.isQuiet) reportEnd(stream, meter, request, terminal);
    const { code } = interruption ?? problem ?? { code: DONE };
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
  { record, smooth }: AnswerRequest,
): Promise<ViewProblem | undefined> {
  const events = tapEvents(stream, async (event) => {
    meter.see(event);
    await record?.add(event);
  });
  try {
    for await (const event of smooth ? smoothEvents(events) : events) await view.event?.(event);
    // With a schema the stream checks its output.
    if (isOutputStream(stream)) await stream.getFinalOutput();
    return undefined;
  } catch (error) {
    if (!(error instanceof AnthropicError)) throw error;
    return { code: getExitCode(error), message: `${error.name}: ${error.message}` };
  }
}

function isOutputStream(stream: MessageStream): stream is OutputMessageStream<unknown> {
  return 'getFinalOutput' in stream;
}

async function* tapEvents(
  events: AsyncIterable<MessageStreamEvent>,
  see: (event: MessageStreamEvent) => Promise<void>,
): AsyncGenerator<MessageStreamEvent> {
  for await (const event of events) {
    await see(event);
    yield event;
  }
}

/** Reports what happens between requests. */
function reportRetries(stream: MessageStream, status: StatusLine): void {
  stream.on('retry', ({ attempt, delay, error }) =>
    status.report(
      `retry ${attempt} in ${(delay / 1000).toFixed(1)} s: ${error.name}: ${error.message}`,
    ),
  );
  stream.on('recover', ({ error }) =>
    status.report(`requesting the rest: ${error.name}: ${error.message}`),
  );
  stream.on('restart', ({ discarded }) =>
    status.report(
      `starting blocks again that can't be continued: ${discarded.map(({ type }) => toShortText(type)).join(', ')}`,
    ),
  );
}

function reportEnd(
  stream: MessageStream,
  meter: Meter,
  { usage }: AnswerRequest,
  { stderr }: Terminal,
): void {
  const message = stream.currentMessageSnapshot;
  const { measured } = meter;
  const counters = usage ? toUsageLines(message, stream.attempts, measured.isCounted) : [];
  const lines = [...counters, toClosingLine(message, measured, stderr.columns)];
  for (const line of lines) stderr.printLine(line, true);
}
