import type { Message, MessageStreamEvent, StreamAttempt } from '../../index.js';

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
  const cached = cache_read_input_tokens ? ` (${cache_read_input_tokens} cached)` : '';
  const writing = total - (firstToken ?? total);
  return [
    message.model,
    `${input_tokens} tokens in${cached}, ${output_tokens} out`,
    firstToken === undefined ? '' : `first token after ${toSeconds(firstToken)}`,
    writing >= MIN_MEASURED_MS ? `${Math.round((output_tokens * 1000) / writing)} tokens/s` : '',
    message.stop_reason ?? 'cut off',
    requestId ?? '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

const toSeconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

/** Each usage counter of a message, nested ones by their path; and the requests, if there were several. */
export function toUsageLines(
  message: Message | undefined,
  attempts: readonly StreamAttempt[],
): string[] {
  const counters = listCounters(message?.usage ?? {}).map(([path, value]) => `${path}: ${value}`);
  if (attempts.length < 2) return counters;
  return [
    ...counters,
    ...attempts.map(({ kind, requestId, outcome }, at) =>
      [`request ${at + 1}: ${kind}`, outcome, requestId].filter(Boolean).join(', '),
    ),
  ];
}

function listCounters(value: object, parent = ''): [path: string, value: string][] {
  return Object.entries(value).flatMap(([name, one]): [string, string][] => {
    if (one === null || one === undefined) return [];
    const path = parent === '' ? name : `${parent}.${name}`;
    return typeof one === 'object' ? listCounters(one, path) : [[path, String(one)]];
  });
}
