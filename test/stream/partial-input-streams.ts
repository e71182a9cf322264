import {
  MESSAGE_STOP,
  messageDelta,
  messageStart,
  sse,
  textBlock,
  toolBlock,
} from '../contract/wire.js';

/* Bodies for the tests of code that is loaded with the first tool call. */

const START = [messageStart(), ...textBlock(0, 'Hi')];
const END = [messageDelta({ stop_reason: 'end_turn' }), MESSAGE_STOP];

export const TEXT: string = sse(...START, ...END);
export const TOOL: string = sse(...START, ...toolBlock(1, '{"city":"Z', 'ürich"}'), ...END);
export const CUT: string = sse(
  ...START,
  ...toolBlock(1, '{"city":"Z'),
  messageDelta({ stop_reason: 'max_tokens' }),
  MESSAGE_STOP,
);
