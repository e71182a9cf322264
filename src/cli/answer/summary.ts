import type { Message, MessageStreamEvent, StreamAttempt } from '../../index.js';
import { toShortText, toText } from './to-text.js';

/** Times of one answer, in milliseconds. */
export interface Timing {
  firstToken: number | undefined;
  total: number;
}

/** Measures an answer, from the moment it is created. */
export class Meter {
  readonly #start = performance.now();
  #firstToken: number | undefined;

  see(event: MessageStreamEvent): void {
    if (event.type === 'content_block_delta') this.#firstToken ??= performance.now() - this.#start;
  }

  get timing(): Timing {
    return { firstToken: this.#firstToken, total: performance.now() - this.#start };
  }
}

/** A speed over less time than this means nothing. */
const MIN_MEASURED_MS = 100;

/** One line about an answer: model, tokens, speed, stop reason, request id. */
export function toClosingLine(
  message: Message | undefined,
  { firstToken, total }: Timing,
  requestId: string | undefined,
): string {
  if (message === undefined) return `no answer after ${toSeconds(total)}`;
  const { input_tokens, output_tokens, cache_read_input_tokens } = message.usage;
  const cached = cache_read_input_tokens ? ` (${toText(cache_read_input_tokens)} cached)` : '';
  const writing = total - (firstToken ?? total);
  return [
    message.model,
    `${toText(input_tokens)} tokens in${cached}, ${toText(output_tokens)} out`,
    firstToken === undefined ? '' : `first token after ${toSeconds(firstToken)}`,
    toSpeed(output_tokens, writing),
    message.stop_reason ?? 'cut off',
    requestId ?? '',
  ]
    .map(toShortText)
    .filter((part) => part !== '')
    .join(' · ');
}

function toSpeed(tokens: unknown, ms: number): string {
  if (typeof tokens !== 'number' || ms < MIN_MEASURED_MS) return '';
  return `${Math.round((tokens * 1000) / ms)} tokens/s`;
}

const toSeconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

/** More counters than the API has, and fewer than a server can send. */
const MAX_COUNTERS = 200;

/** Each usage counter of a message, nested ones by their path; and the requests, if there were several. */
export function toUsageLines(
  message: Message | undefined,
  attempts: readonly StreamAttempt[],
): string[] {
  const lines: string[] = [];
  for (const counter of listCounters(message?.usage)) {
    lines.push(lines.length < MAX_COUNTERS ? counter : '…');
    if (lines.length > MAX_COUNTERS) break;
  }
  if (attempts.length < 2) return lines;
  return [
    ...lines,
    ...attempts.map(({ kind, requestId, outcome }, at) =>
      [`request ${at + 1}: ${kind}`, outcome, requestId].filter(Boolean).join(', '),
    ),
  ];
}

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
