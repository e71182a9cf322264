import {
  messageDelta,
  messageStart,
  PING,
  sse,
  textBlock,
  textDelta,
  thinkingBlock,
  toolBlock,
  type WireEvent,
} from '../contract/wire.js';

/** How far an answer had come when something happened to it. */
export interface Place {
  /** What the server had sent of the body; undefined where not even the headers came. */
  events: readonly WireEvent[] | undefined;
  /** The content that must not be lost. */
  content?: readonly object[];
  /** `output_tokens` of the usage that must not be lost. */
  tokens?: number;
}

const START = messageStart();
const hello = textBlock(0, 'Hello', ' world');
const HELLO = { type: 'text', text: 'Hello world' };

export const PLACES = {
  'no connect': { events: undefined },
  'no headers': { events: undefined },
  'headers only': { events: [] },
  'after message_start': { events: [START], content: [], tokens: 1 },
  'in text': {
    events: [START, ...hello.slice(0, 2), PING, ...hello.slice(2, -1)],
    content: [HELLO],
    tokens: 1,
  },
  'in thinking': {
    events: [START, ...thinkingBlock(0, 'sig', 'Let me', ' think').slice(0, 3)],
    content: [{ type: 'thinking', thinking: 'Let me think', signature: '' }],
    tokens: 1,
  },
  'in tool input': {
    events: [START, ...hello, ...toolBlock(1, '{"city": ', '"Zür').slice(0, -1)],
    content: [HELLO, { type: 'tool_use', name: 'get_weather', input: { city: 'Zür' } }],
    tokens: 1,
  },
  'between blocks': { events: [START, ...hello], content: [HELLO], tokens: 1 },
  'after message_delta': {
    events: [START, ...hello, messageDelta()],
    content: [HELLO],
    tokens: 7,
  },
} satisfies Readonly<Record<string, Place>>;

export type PlaceName = keyof typeof PLACES;

/** The start of an event that never comes to its end. */
export const HALF_AN_EVENT: string = sse(textDelta(0, '')).split('""')[0] ?? '';
