import type { ContentBlock } from '../wire/blocks.js';
import type { Message } from '../wire/message.js';
import { messageId, toolUseId } from './ids.js';
import type { ContentReply } from './reply.js';
import type { EmulatorParams } from './request.js';
import { inputTokens, outputTokens } from './tokens.js';

/**
 * The whole message that a reply stands for.
 * @param number counts the replies of the emulator, from 1.
 */
export function messageOf(reply: ContentReply, params: EmulatorParams, number: number): Message {
  const { usage, ...fields } = reply.fields;
  const content = reply.blocks.map(
    (block, index): ContentBlock =>
      block.type === 'tool_use' ? { ...block, id: block.id ?? toolUseId(number, index) } : block,
  );
  return {
    id: messageId(number),
    type: 'message',
    role: 'assistant',
    model: params.model,
    content,
    container: null,
    diagnostics: null,
    stop_reason: content.at(-1)?.type === 'tool_use' ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    stop_details: null,
    usage: {
      input_tokens: inputTokens(params),
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      output_tokens: outputTokens(content),
      service_tier: 'standard',
      inference_geo: 'not_available',
      ...usage,
    },
    ...fields,
  };
}
