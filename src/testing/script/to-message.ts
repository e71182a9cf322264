import type { UntypedBlock } from '../../message/untyped.js';
import type { AnyMessage } from '../../wire/beta.js';
import type { Usage } from '../../wire/usage.js';
import type { Ids } from '../model/ids.js';
import type { ContentReply } from '../model/reply.js';
import type { EmulatorParams } from '../model/request.js';
import { countInputTokens, countOutputTokens } from '../model/tokens.js';
import type { CacheUse } from './prompt-cache.js';

/**
 * The complete message that a reply describes.
 * @param number counts the replies of the emulator, from 1.
 */
export function toMessage(
  { blocks, fields: { usage, ...fields } }: ContentReply,
  params: EmulatorParams,
  number: number,
  ids: Ids,
  cache: CacheUse,
): AnyMessage {
  const content = addIds(blocks, number, ids);
  return {
    id: ids.message(number),
    type: 'message',
    role: 'assistant',
    model: params.model,
    content: content as unknown as AnyMessage['content'],
    container: null,
    diagnostics: null,
    stop_reason: content.at(-1)?.type === 'tool_use' ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    stop_details: null,
    usage: { ...countUsage(content, params, cache), ...usage },
    ...fields,
  };
}

const RESULT = /_tool_result$/;

/** A result without a call id belongs to the last call before it. */
function addIds(blocks: readonly UntypedBlock[], number: number, ids: Ids): UntypedBlock[] {
  let last: unknown;
  return blocks.map((block, index) => {
    if (RESULT.test(block.type)) return { ...block, tool_use_id: block.tool_use_id ?? last };
    if (!('id' in block)) return block;
    last = block.id ?? ids.block(block.type, number, index);
    return { ...block, id: last };
  });
}

function countUsage(
  content: readonly UntypedBlock[],
  params: EmulatorParams,
  { read, written }: CacheUse,
): Usage {
  const thinking = content.filter(({ type }) => type === 'thinking');
  const calls = (name: string): number =>
    content.filter((block) => block.type === 'server_tool_use' && block.name === name).length;
  const [searches, fetches] = [calls('web_search'), calls('web_fetch')];
  return {
    input_tokens: Math.max(0, countInputTokens(params) - read - written['5m'] - written['1h']),
    cache_creation_input_tokens: written['5m'] + written['1h'],
    cache_read_input_tokens: read,
    cache_creation: {
      ephemeral_5m_input_tokens: written['5m'],
      ephemeral_1h_input_tokens: written['1h'],
    },
    output_tokens: countOutputTokens(content),
    ...(thinking.length > 0 && {
      output_tokens_details: { thinking_tokens: countOutputTokens(thinking) },
    }),
    ...(searches + fetches > 0 && {
      server_tool_use: { web_search_requests: searches, web_fetch_requests: fetches },
    }),
    service_tier: 'standard',
    inference_geo: 'not_available',
  };
}
