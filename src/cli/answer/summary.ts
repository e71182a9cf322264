import type { Message, MessageStreamEvent, StreamAttempt } from '../../index.js';
import { toShortText } from './to-text.js';

/** What was measured of one answer. Times are in milliseconds. */
export interface Measured {
  firstToken: number | undefined;
  total: number;
  /** The length of all deltas, in UTF-16 code units. */
  characters: number;
  /** The usage has the totals; before, `message_start` has only placeholders for them. */
  isCounted: boolean;
}

/** Measures an answer, from the moment it is created. */
export class Meter {
  readonly #start = performance.now();
  #firstToken: number | undefined;
  #characters = 0;
  #isCounted = false;

  see(event: MessageStreamEvent): void {
    if (event.type === 'message_delta' && isCount(event.usage?.output_tokens)) {
      this.#isCounted = true;
    }
    if (event.type !== 'content_block_delta') return;
    this.#firstToken ??= performance.now() - this.#start;
    const { text, thinking, partial_json } = event.delta as { [name: string]: unknown };
    for (const value of [text, thinking, partial_json]) {
      if (typeof value === 'string') this.#characters += value.length;
    }
  }

  get measured(): Measured {
    return {
      firstToken: this.#firstToken,
      total: performance.now() - this.#start,
      characters: this.#characters,
      isCounted: this.#isCounted,
    };
  }
}

/** A speed over less time than this means nothing. */
const MIN_MEASURED_MS = 100;

/** The widest closing line. */
const WIDTH = 80;

/**
 * One line about an answer: model, tokens, time to the first token, speed, stop reason. What doesn't fit is left
 * out, and so is what isn't known: without totals, the line has the number of characters received.
 */
export function toClosingLine(
  message: Message | undefined,
  { firstToken, total, characters, isCounted }: Measured,
  columns: number = WIDTH,
): string {
  if (message === undefined) return `no answer after ${toSeconds(total)}`;
  const tokens = isCounted ? message.usage?.output_tokens : undefined;
  const start = firstToken === undefined ? '' : toSeconds(firstToken);
  const speed = toSpeed(tokens, total - (firstToken ?? total));
  const amount = isCounted ? toCounts(message.usage) : [`${characters} characters received`];
  const { stop_reason: reason } = message;
  const model = toShortText(message.model);
  const end = toShortText(reason ?? 'cut off');
  // From the longest to the shortest: the first that fits is shown.
  const longest = [model, amount[0], start && speed ? `${start}, then ${speed}` : start || speed];
  const lines = [
    [...longest, end],
    reason === 'end_turn' ? longest : [model, amount[0], start, end],
    [model, amount[0], end],
    [model, amount.at(-1), end],
    [amount.at(-1), end],
  ].map((parts) => parts.filter(Boolean).join(' · '));
  const width = Math.min(columns, WIDTH);
  return lines.find((line) => line.length <= width) ?? end.slice(0, width);
}

/** The counts that are known, with those of the cache and without. */
function toCounts(usage: Message['usage'] | undefined): string[] {
  const { input_tokens: input, output_tokens: output, cache_read_input_tokens } = usage ?? {};
  const cached =
    isCount(cache_read_input_tokens) && cache_read_input_tokens > 0
      ? ` (${cache_read_input_tokens} cached)`
      : '';
  const [long, short] = [cached, ''].map((suffix) =>
    [isCount(input) ? `${input} tokens in${suffix}` : '', isCount(output) ? `${output} out` : '']
      .filter(Boolean)
      .join(', '),
  );
  return [long ?? '', short ?? ''];
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);

function toSpeed(tokens: unknown, ms: number): string {
  if (!isCount(tokens) || ms < MIN_MEASURED_MS) return '';
  return `${Math.round((tokens * 1000) / ms)} tokens/s`;
}

const toSeconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

/** More counters than the API has, and fewer than a server can send. */
const MAX_COUNTERS = 200;

/** Each usage counter of a message, nested ones by their path; then the request id, or all requests. */
export function toUsageLines(
  message: Message | undefined,
  attempts: readonly StreamAttempt[],
  isCounted = true,
): string[] {
  const lines: string[] = isCounted || message === undefined ? [] : [NOT_FINAL];
  for (const counter of listCounters(message?.usage)) {
    lines.push(lines.length < MAX_COUNTERS ? counter : '…');
    if (lines.length > MAX_COUNTERS) break;
  }
  if (attempts.length < 2) {
    const id = attempts[0]?.requestId;
    return id === undefined ? lines : [...lines, `request_id: ${id}`];
  }
  return [
    ...lines,
    ...attempts.map(({ kind, requestId, outcome }, at) =>
      [`request ${at + 1}: ${kind}`, outcome, requestId].filter(Boolean).join(', '),
    ),
  ];
}

const NOT_FINAL = 'the answer was cut off before its usage arrived; these are placeholders:';

/** One by one: a server can send so many, with paths so long, that all of them don't fit into memory. */
function* listCounters(value: unknown, parent = ''): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, one] of Object.entries(value)) {
    if (one === null || one === undefined) continue;
    const path = toShortText(parent === '' ? name : `${parent}.${name}`);
    if (typeof one === 'object') yield* listCounters(one, path);
    else yield `${path}: ${toShortText(one)}`;
  }
}
