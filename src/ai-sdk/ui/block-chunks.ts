import { asText } from '../../json/as-text.js';
import { isServerTool } from '../../message/kinds.js';
import { toolInput } from '../../message/tool-input.js';
import type { UntypedBlock, UntypedDelta } from '../../message/untyped.js';
import type { UIMessageChunk } from './chunks.js';

/** Where a block's chunks go, and how they are named. */
export interface BlockPlace {
  /** Of this part: each has its own in the message. */
  id: string;
  /** Whether its start was sent. */
  isStarted: boolean;
}

/** How a kind of block becomes parts of a UI message. */
interface BlockRule {
  start?: (block: UntypedBlock, place: BlockPlace) => UIMessageChunk[];
  delta?: (delta: UntypedDelta, place: BlockPlace) => UIMessageChunk[];
  stop: (block: UntypedBlock, place: BlockPlace) => UIMessageChunk[];
}

/** The rule for a block, by its type. */
export function blockRule(block: UntypedBlock): BlockRule {
  const rule = RULES.get(block.type);
  if (rule !== undefined) return rule;
  return /_tool_result$/.test(block.type) ? RESULT : OTHER;
}

const TEXT: BlockRule = {
  start: (_, { id }) => [{ type: 'text-start', id }],
  delta: ({ type, text, citation }, { id }) => {
    if (type === 'text_delta') return [{ type: 'text-delta', id, delta: text as string }];
    return type === 'citations_delta' ? sourceOf(citation as Citation) : [];
  },
  stop: ({ citations }, { id }) => {
    const isCited = Array.isArray(citations) && citations.length > 0;
    return [{ type: 'text-end', id, ...(isCited && { providerMetadata: of({ citations }) }) }];
  },
};

/** Its start waits for content: thinking that is hidden has none. */
const THINKING: BlockRule = {
  delta: ({ type, thinking }, place) => {
    if (type !== 'thinking_delta' || thinking === '') return [];
    return [
      ...reasoningStart(place),
      { type: 'reasoning-delta', id: place.id, delta: thinking as string },
    ];
  },
  stop: ({ signature, data }, place) => {
    const known = { ...(signature ? { signature } : {}), ...(data ? { redactedData: data } : {}) };
    const hasMetadata = Object.keys(known).length > 0;
    if (!place.isStarted && !hasMetadata) return [];
    return [
      ...reasoningStart(place),
      {
        type: 'reasoning-end',
        id: place.id,
        ...(hasMetadata && { providerMetadata: of(known) }),
      },
    ];
  },
};

const TOOL: BlockRule = {
  start: (block) => [{ type: 'tool-input-start', ...callOf(block) }],
  delta: ({ type, partial_json }, { id }) =>
    type === 'input_json_delta' && partial_json !== ''
      ? [{ type: 'tool-input-delta', toolCallId: id, inputTextDelta: partial_json as string }]
      : [],
  stop: (block) => {
    const { status, reason = '' } = toolInput(block as { type: string; input: unknown });
    const call = { ...callOf(block), input: block.input };
    if (status === 'complete') return [{ type: 'tool-input-available', ...call }];
    return [{ type: 'tool-input-error', ...call, errorText: `the input is ${status}: ${reason}` }];
  },
};

const RESULT: BlockRule = {
  stop: ({ type, tool_use_id, content, is_error }) => {
    const result = {
      toolCallId: tool_use_id as string,
      providerExecuted: true,
      // Needed to send the result back.
      providerMetadata: of({ type }),
    };
    const { error_code } = (content ?? {}) as { error_code?: unknown };
    if (error_code !== undefined || is_error === true) {
      const errorText = error_code === undefined ? JSON.stringify(content) : asText(error_code);
      return [{ type: 'tool-output-error', ...result, errorText }];
    }
    const pages = Array.isArray(content) ? (content as Citation[]) : [];
    return [
      { type: 'tool-output-available', ...result, output: content },
      ...pages.flatMap((page) => (page?.type === 'web_search_result' ? sourceOf(page) : [])),
    ];
  },
};

/** Whatever else a message contains: a part with the block itself. */
const OTHER: BlockRule = {
  stop: (block, { id }) => [{ type: `data-${block.type}`, id, data: block }],
};

const RULES: ReadonlyMap<string, BlockRule> = /* @__PURE__ */ new Map([
  ['text', TEXT],
  ['thinking', THINKING],
  ['redacted_thinking', THINKING],
  ['tool_use', TOOL],
  ['server_tool_use', TOOL],
  ['mcp_tool_use', TOOL],
]);

function callOf(block: UntypedBlock): {
  toolCallId: string;
  toolName: string;
  providerExecuted?: boolean;
  dynamic?: boolean;
} {
  return {
    toolCallId: block.id as string,
    toolName: block.name as string,
    ...(isServerTool(block) && { providerExecuted: true }),
    // No program declares the tools of an MCP server.
    ...(block.type === 'mcp_tool_use' && { dynamic: true }),
  };
}

interface Citation {
  type: string;
  url?: string;
  source?: string;
  title?: string | null;
  document_title?: string | null;
  document_index?: number;
}

function sourceOf(from: Citation): UIMessageChunk[] {
  const { url, document_title, document_index } = from;
  if (typeof url === 'string') {
    const title = typeof from.title === 'string' ? { title: from.title } : {};
    return [{ type: 'source-url', sourceId: url, url, ...title }];
  }
  if (document_index === undefined) return [];
  const sourceId = `document-${document_index}`;
  const mediaType = from.type === 'page_location' ? 'application/pdf' : 'text/plain';
  return [{ type: 'source-document', sourceId, mediaType, title: document_title ?? sourceId }];
}

function reasoningStart(place: BlockPlace): UIMessageChunk[] {
  if (place.isStarted) return [];
  place.isStarted = true;
  return [{ type: 'reasoning-start', id: place.id }];
}

/** Under the name that the AI SDK's own provider uses. */
function of(metadata: object): { anthropic: Record<string, never> } {
  return { anthropic: metadata as Record<string, never> };
}
