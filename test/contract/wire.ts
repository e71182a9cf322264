/*
 * Hand-made events, and how they go on the wire. Written without the sources, so that a test compares
 * two things.
 */

/** An event as the API sends it. */
export interface WireEvent {
  type: string;
  [field: string]: unknown;
}

export const PING: WireEvent = { type: 'ping' };

export function messageStart(message: object = {}): WireEvent {
  return {
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-test',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 10, output_tokens: 1 },
      ...message,
    },
  };
}

export function blockStart(index: number, content_block: object): WireEvent {
  return { type: 'content_block_start', index, content_block };
}

export function delta(index: number, value: object): WireEvent {
  return { type: 'content_block_delta', index, delta: value };
}

export function textDelta(index: number, text: string): WireEvent {
  return delta(index, { type: 'text_delta', text });
}

export function blockStop(index: number): WireEvent {
  return { type: 'content_block_stop', index };
}

/** A block of text, in pieces. */
export function textBlock(index: number, ...pieces: string[]): WireEvent[] {
  return [
    blockStart(index, { type: 'text', text: '' }),
    ...pieces.map((piece) => textDelta(index, piece)),
    blockStop(index),
  ];
}

/** A block of thinking, in pieces. */
export function thinkingBlock(index: number, signature: string, ...pieces: string[]): WireEvent[] {
  return [
    blockStart(index, { type: 'thinking', thinking: '', signature: '' }),
    ...pieces.map((thinking) => delta(index, { type: 'thinking_delta', thinking })),
    delta(index, { type: 'signature_delta', signature }),
    blockStop(index),
  ];
}

/** A call of the tool `get_weather`, its input in fragments. */
export function toolBlock(index: number, ...fragments: string[]): WireEvent[] {
  const block = { type: 'tool_use', id: `toolu_${index}`, name: 'get_weather', input: {} };
  return [
    blockStart(index, block),
    ...fragments.map((partial_json) => delta(index, { type: 'input_json_delta', partial_json })),
    blockStop(index),
  ];
}

export function messageDelta(
  change: object = { stop_reason: 'end_turn', stop_sequence: null },
  usage: object = { output_tokens: 7 },
): WireEvent {
  return { type: 'message_delta', delta: change, usage };
}

export const MESSAGE_STOP: WireEvent = { type: 'message_stop' };

/** The two events that every complete message ends with. */
export const ENDING: readonly WireEvent[] = [messageDelta(), MESSAGE_STOP];

export function errorEvent(type: string, message = 'no luck'): WireEvent {
  return { type: 'error', error: { type, message }, request_id: 'req_body' };
}

/** A message of one text block. */
export function textMessage(...pieces: string[]): WireEvent[] {
  return [messageStart(), PING, ...textBlock(0, ...pieces), ...ENDING];
}

/** Events as the API frames them. */
export function sse(...events: readonly WireEvent[]): string {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}
