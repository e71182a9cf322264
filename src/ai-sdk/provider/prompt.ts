import type {
  LanguageModelV4CallOptions,
  LanguageModelV4Message,
  SharedV4Warning,
} from '@ai-sdk/provider';
import { isRecord } from '../../json/is-record.js';
import { fileBlock, resultContent } from './content-params.js';
import { anthropicOf, cacheControl } from './names.js';
import { callerParam, serverCallBlock, serverResultBlock, type ToolNames } from './server-tools.js';

/** How a prompt is converted. */
export interface PromptOptions {
  names: ToolNames;
  warnings: SharedV4Warning[];
  /** Whether thinking is sent back. */
  sendReasoning: boolean;
}

interface Turn {
  role: 'user' | 'assistant' | 'system';
  content: object[];
}

type MessageOf<R> = Extract<LanguageModelV4Message, { role: R }>;

/** A prompt of the AI SDK as params: the first system messages, and turns, joined where a role speaks twice. */
export function promptParams(
  prompt: LanguageModelV4CallOptions['prompt'],
  options: PromptOptions,
): { system?: object[]; messages: Turn[] } {
  const first = prompt.findIndex(({ role }) => role !== 'system');
  const leading = first === -1 ? prompt : prompt.slice(0, first);
  const system = leading.flatMap((message) => systemBlocks(message as MessageOf<'system'>));
  const messages: Turn[] = [];
  for (const message of prompt.slice(leading.length)) {
    const turn = turnOf(message, options);
    const last = messages.at(-1);
    if (last?.role === turn.role) last.content.push(...turn.content);
    else if (turn.content.length > 0) messages.push(turn);
  }
  trimPrefill(messages.at(-1));
  return { ...(system.length === 0 ? {} : { system }), messages };
}

function turnOf(message: LanguageModelV4Message, options: PromptOptions): Turn {
  if (message.role === 'system') return { role: 'system', content: systemBlocks(message) };
  if (message.role === 'assistant') {
    return { role: 'assistant', content: assistantBlocks(message, options) };
  }
  const content = message.role === 'user' ? userBlocks(message) : resultBlocks(message, options);
  return { role: 'user', content };
}

function systemBlocks({ content, providerOptions }: MessageOf<'system'>): object[] {
  return content === '' ? [] : [{ type: 'text', text: content, ...cacheControl(providerOptions) }];
}

function userBlocks({ content, providerOptions }: MessageOf<'user'>): object[] {
  return content.map((part, n) => {
    // What the message says is for its end.
    const message = n === content.length - 1 ? providerOptions : undefined;
    if (part.type === 'file') return fileBlock(part, message);
    const cached = cacheControl(part.providerOptions, message);
    return { type: 'text', text: part.text, ...cached };
  });
}

function resultBlocks(
  { content, providerOptions }: MessageOf<'tool'>,
  { warnings }: PromptOptions,
): object[] {
  return content.flatMap((part, n) => {
    if (part.type !== 'tool-result') return [];
    const { output, toolCallId } = part;
    const message = n === content.length - 1 ? providerOptions : undefined;
    return [
      {
        type: 'tool_result',
        tool_use_id: toolCallId,
        content: resultContent(output, warnings),
        ...(/^error-/.test(output.type) && { is_error: true }),
        ...cacheControl(part.providerOptions, message),
      },
    ];
  });
}

function assistantBlocks(message: MessageOf<'assistant'>, options: PromptOptions): object[] {
  const mcpCalls = new Set<string>();
  const parts = message.content.filter((part) => part.type !== 'text' || part.text !== '');
  return parts.flatMap((part, n): object[] => {
    const rule = ASSISTANT[part.type];
    if (rule === undefined) {
      options.warnings.push({
        type: 'other',
        message: `a part of type ${part.type} isn't sent back`,
      });
      return [];
    }
    const last = n === parts.length - 1 ? message.providerOptions : undefined;
    return rule(part as never, { ...options, mcpCalls }).map((block) =>
      // The API has none on thinking.
      part.type === 'reasoning' ? block : { ...block, ...cacheControl(part.providerOptions, last) },
    );
  });
}

interface AssistantOptions extends PromptOptions {
  /** Calls of MCP servers: their results are of another type. */
  mcpCalls: Set<string>;
}

type PartOf<T> = Extract<MessageOf<'assistant'>['content'][number], { type: T }>;

const ASSISTANT: Readonly<Record<string, (part: never, options: AssistantOptions) => object[]>> = {
  text: ({ text, providerOptions }: PartOf<'text'>) => {
    const { type, signature, citations } = anthropicOf(providerOptions);
    const signed = typeof signature === 'string' ? { signature } : {};
    if (type === 'compaction') return [{ type, content: text, ...signed }];
    return [{ type: 'text', text, ...(citations === undefined ? {} : { citations }) }];
  },

  reasoning: ({ text, providerOptions }: PartOf<'reasoning'>, { sendReasoning, warnings }) => {
    const { signature, redactedData } = anthropicOf(providerOptions);
    if (sendReasoning && typeof signature === 'string') {
      return [{ type: 'thinking', thinking: text, signature }];
    }
    if (sendReasoning && typeof redactedData === 'string') {
      return [{ type: 'redacted_thinking', data: redactedData }];
    }
    const why = sendReasoning ? 'the API has not signed it' : 'sendReasoning is false';
    warnings.push({ type: 'other', message: `reasoning isn't sent back: ${why}` });
    return [];
  },

  custom: ({ kind, providerOptions }: PartOf<'custom'>) => {
    const { from, to } = anthropicOf(providerOptions);
    return kind === 'anthropic.fallback' ? [{ type: 'fallback', from, to }] : [];
  },

  'tool-call': (part: PartOf<'tool-call'>, { names, mcpCalls }) => {
    const { toolCallId: id, toolName, input, providerOptions } = part;
    const { type, serverName } = anthropicOf(providerOptions);
    if (type === 'mcp-tool-use') {
      mcpCalls.add(id);
      return [{ type: 'mcp_tool_use', id, name: toolName, input, server_name: serverName }];
    }
    const caller = callerParam(providerOptions);
    if (part.providerExecuted === true) {
      const call = serverCallBlock(names.ofApi(toolName), input);
      return [{ type: 'server_tool_use', id, ...call, ...caller }];
    }
    // The API accepts nothing but an object: a call that was invalid has its text.
    const object = isRecord(input) ? input : {};
    return [{ type: 'tool_use', id, name: toolName, input: object, ...caller }];
  },

  'tool-result': (part: PartOf<'tool-result'>, { names, warnings, mcpCalls }) => {
    const { toolCallId, toolName, output, providerOptions } = part;
    const value = jsonOf(output);
    if (value === undefined) {
      const message = `the result of ${toolName} isn't sent back: it isn't JSON`;
      warnings.push({ type: 'other', message });
      return [];
    }
    if (mcpCalls.has(toolCallId)) {
      const is_error = output.type === 'error-json';
      return [{ type: 'mcp_tool_result', tool_use_id: toolCallId, is_error, content: value }];
    }
    const block = serverResultBlock(names.ofApi(toolName), toolCallId, value);
    return [{ ...block, ...callerParam(providerOptions) }];
  },
};

function jsonOf(output: PartOf<'tool-result'>['output']): unknown {
  if (output.type === 'json' || output.type === 'error-json') return output.value;
  if (output.type !== 'error-text') return undefined;
  try {
    return JSON.parse(output.value);
  } catch {
    return undefined;
  }
}

/** The API refuses white space at the end of an answer to continue. */
function trimPrefill(turn: Turn | undefined): void {
  const last = turn?.content.at(-1) as { type?: string; text?: string } | undefined;
  if (turn?.role === 'assistant' && last?.type === 'text') last.text = last.text?.trimEnd() ?? '';
}
