import {
  errorEvent,
  messageDelta,
  messageStart,
  sse,
  textMessage,
  type WireEvent,
} from '../contract/wire.js';
import { RICH } from '../stream/support.js';
import { onTheWire, recordings } from '../support/recordings.js';

/** Streams to be damaged: the recordings, where there are any, and some that were written by hand. */
export function streams(): Buffer[] {
  const recorded = recordings().map(({ payloads }) => onTheWire(abridged(payloads)));
  const written = [
    sse(...RICH),
    sse(...textMessage('Grüezi ', 'mitenand 👋🏽, ', '你好')),
    sse(...textMessage('a', 'b')).replaceAll('\n', '\r\n'),
    `\uFEFF: a comment\n\n${sse(...textMessage('a', 'b')).replaceAll(/^event: .*\n/gm, '')}`,
    sse(...textMessage('a', 'b').slice(0, 5), errorEvent('overloaded_error')),
    sse(messageStart(), ...BETA, messageDelta(), { type: 'message_stop' }),
    JSON.stringify({
      ...(messageStart().message as object),
      content: [{ type: 'text', text: 'a' }],
    }),
    JSON.stringify(errorEvent('overloaded_error')),
  ];
  return [...recorded, ...written].map((stream) => Buffer.from(stream));
}

const BETA: readonly WireEvent[] = [
  ...block(0, { type: 'compaction', content: null }, [
    { type: 'compaction_delta', content: 'So far …', encrypted_content: 'x' },
  ]),
  ...block(1, { type: 'fallback', from: { model: 'a' }, to: { model: 'b' } }, []),
  ...block(2, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }, [
    { type: 'input_json_delta', partial_json: '{"query": "x' },
    { type: 'input_json_delta', partial_json: '"}' },
  ]),
  ...block(3, { type: 'web_search_tool_result', tool_use_id: 's', content: [] }, []),
  ...block(4, { type: 'text', text: '', citations: null }, [
    { type: 'citations_delta', citation: { type: 'page_location', cited_text: 'x' } },
    { type: 'text_delta', text: 'Found.' },
  ]),
];

function block(index: number, content_block: object, deltas: readonly object[]): WireEvent[] {
  return [
    { type: 'content_block_start', index, content_block },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

const MOST_DELTAS = 4;

/** Of many deltas for one block the first few: damage to the hundredth is damage to the second. */
function abridged(payloads: readonly string[]): string[] {
  const deltas = new Map<string, number>();
  return payloads.filter((payload) => {
    const { type, index } = JSON.parse(payload) as WireEvent;
    if (type !== 'content_block_delta') return payload.length < 4_000;
    const seen = (deltas.get(`${index}`) ?? 0) + 1;
    deltas.set(`${index}`, seen);
    return seen <= MOST_DELTAS;
  });
}
