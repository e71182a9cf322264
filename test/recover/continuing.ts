import {
  blockStart,
  blockStop,
  delta,
  ENDING,
  errorEvent,
  MESSAGE_STOP,
  messageDelta,
  messageStart,
  PING,
  sse,
  type WireEvent,
} from '../contract/wire.js';
import type { Exchange, Script } from '../support/raw-server.js';

/** A block of the message that the model has in mind. */
export type Planned =
  | { type: 'text'; text: string }
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'tool_use'; id: string; name: string; input: object };

export interface ModelOptions {
  /** Asked in a user turn, it repeats as many characters, once there are as many. Default 0. */
  overlap?: number;
  /** Answers a prefill with status 400. Default false. */
  refusesPrefill?: boolean;
}

/** What each request of a message is said to have used. */
export const INPUT_TOKENS = 10;
export const OUTPUT_TOKENS = 7;

interface Turn {
  role: string;
  content: string | { type: string; text?: string }[];
}

/** The params of a request as the server reads them. */
export interface Asked {
  messages: Turn[];
  [param: string]: unknown;
}

export const askedIn = ({ body }: Pick<Exchange, 'body'>): Asked => JSON.parse(body);

/**
 * By hand, beside the emulator's own (see relay.test.ts): tests cut it after events that they count, and
 * what is said of a seam is to hold for two models that share no code.
 *
 * A model that has one message in mind, writes it on every request, and continues it exactly where it
 * is asked to: after a prefill, or after an assistant turn that a user turn follows.
 */
export function continuing(plan: readonly Planned[], options: ModelOptions = {}) {
  return (exchange: Pick<Exchange, 'body'>): Script => {
    const { messages } = askedIn(exchange);
    const at = messages.findLastIndex(({ role }) => role === 'assistant');
    if (at === -1) return { body: [sse(...whole(plan))] };
    const isPrefill = at === messages.length - 1;
    if (isPrefill && options.refusesPrefill) return failing('invalid_request_error', 400);
    const sent = messages[at]?.content as { type: string; text?: string }[];
    return { body: [sse(...whole(rest(plan, sent, isPrefill ? 0 : (options.overlap ?? 0))))] };
  };
}

/** A response that is an error. */
export function failing(
  type: string,
  status: number,
  headers: Record<string, string> = {},
): Script {
  return {
    status,
    headers: { 'content-type': 'application/json', 'retry-after-ms': '1', ...headers },
    body: [JSON.stringify(errorEvent(type))],
  };
}

/** A message in pieces. */
export function whole(plan: readonly Planned[]): WireEvent[] {
  const usage = { input_tokens: INPUT_TOKENS, output_tokens: 1 };
  return [messageStart({ usage }), PING, ...plan.flatMap(eventsOf), ...endingOf(plan)];
}

function rest(
  plan: readonly Planned[],
  sent: readonly { type: string; text?: string }[],
  overlap: number,
): Planned[] {
  const texts = sent.filter(({ type }) => type === 'text');
  const said = texts.at(-1)?.text ?? '';
  let nth = 0;
  const at = plan.findIndex(({ type }) => type === 'text' && ++nth === texts.length);
  const { text } = plan[at] as { text: string };
  if (!text.startsWith(said)) throw new Error(`the model never said ${JSON.stringify(said)}`);
  const from = said.length >= overlap ? said.length - overlap : said.length;
  return [{ type: 'text', text: text.slice(from) }, ...plan.slice(at + 1)];
}

function endingOf(plan: readonly Planned[]): readonly WireEvent[] {
  if (plan.at(-1)?.type !== 'tool_use') return ENDING;
  return [
    messageDelta({ stop_reason: 'tool_use' }, { output_tokens: OUTPUT_TOKENS }),
    MESSAGE_STOP,
  ];
}

function eventsOf(block: Planned, index: number): WireEvent[] {
  const [start, ...deltas] = writing[block.type](block as never);
  return [
    blockStart(index, start as object),
    ...deltas.map((value) => delta(index, value)),
    blockStop(index),
  ];
}

/** How each kind of block is written: its start, then its deltas. */
const writing: { [T in Planned['type']]: (block: Extract<Planned, { type: T }>) => object[] } = {
  text: ({ text }) => [
    { type: 'text', text: '' },
    ...inPieces(text).map((piece) => ({ type: 'text_delta', text: piece })),
  ],
  thinking: ({ thinking, signature }) => [
    { type: 'thinking', thinking: '', signature: '' },
    ...inPieces(thinking).map((piece) => ({ type: 'thinking_delta', thinking: piece })),
    { type: 'signature_delta', signature },
  ],
  tool_use: ({ input, ...block }) => [
    { ...block, type: 'tool_use', input: {} },
    ...['', ...inPieces(JSON.stringify(input))].map((partial_json) => ({
      type: 'input_json_delta',
      partial_json,
    })),
  ],
};

const PIECE = 13;

function inPieces(text: string): string[] {
  const characters = [...text];
  const count = Math.ceil(characters.length / PIECE);
  return Array.from({ length: count }, (_, i) =>
    characters.slice(i * PIECE, (i + 1) * PIECE).join(''),
  );
}
