import { AnthropicError } from '../../errors.js';
import { isRecord } from '../../json/is-record.js';
import { fromBase64 } from '../../sse/bytes-as-text.js';
import type { ContentBlockParam, ToolResultBlockParam } from '../../wire/content-params.js';
import type { MessageParam } from '../../wire/params.js';

/** A UI message of the AI SDK, as `useChat` sends it to your server. */
export interface UIMessageLike {
  role: 'system' | 'user' | 'assistant';
  parts: readonly UIPartLike[];
}

/** A part of a UI message. */
export interface UIPartLike {
  type: string;
  [field: string]: unknown;
}

/**
 * The messages of a chat of `useChat` as params for `messages.stream()` or `toolRunner()`: texts, files,
 * thinking with its signature, tool calls with their results. Parts that only a page shows (sources, data)
 * are left out, and so are calls without a result: the API refuses them.
 * @throws AnthropicError for a message that isn't one, or a file that the API doesn't take.
 */
export function toMessageParams(messages: readonly UIMessageLike[]): MessageParam[] {
  return messages.flatMap((message): MessageParam[] => {
    const { role, parts } = (message ?? {}) as Partial<UIMessageLike>;
    if (role === undefined || !Array.isArray(parts)) {
      throw new AnthropicError(
        'this is no UI message: pass the messages of useChat, such as [{ role, parts: [{ type, text }] }]',
      );
    }
    if (role === 'assistant') return stepsOf(parts).flatMap(assistantTurns);
    const content = parts.flatMap((part) => USER.get(part.type)?.(part) ?? []);
    return content.length === 0 ? [] : [{ role, content } as MessageParam];
  });
}

type ToBlocks = (part: UIPartLike) => ContentBlockParam[];

const textBlock: ToBlocks = ({ text }) =>
  typeof text === 'string' && text !== '' ? [{ type: 'text', text }] : [];

const USER: ReadonlyMap<string, ToBlocks> = /* @__PURE__ */ new Map([
  ['text', textBlock],
  ['file', fileBlock],
]);

const ASSISTANT: ReadonlyMap<string, ToBlocks> = /* @__PURE__ */ new Map([
  ['text', textBlock],
  ['reasoning', thinkingBlock],
]);

function fileBlock({ url, mediaType, filename }: UIPartLike): ContentBlockParam[] {
  const type = String(mediaType);
  const [, data] = /^data:[^,]*;base64,(.*)$/s.exec(String(url)) ?? [];
  const source =
    data === undefined ? { type: 'url', url } : { type: 'base64', media_type: type, data };
  if (type.startsWith('image/')) return [{ type: 'image', source } as ContentBlockParam];
  const title = typeof filename === 'string' ? { title: filename } : {};
  if (type === 'application/pdf') {
    return [{ type: 'document', source, ...title } as ContentBlockParam];
  }
  if (type.startsWith('text/') && data !== undefined) {
    const content = new TextDecoder().decode(fromBase64(data));
    const text = { type: 'text', media_type: 'text/plain', data: content };
    return [{ type: 'document', source: text, ...title } as ContentBlockParam];
  }
  throw new AnthropicError(
    `a file of type ${type} can't be sent: images, PDFs and text files in data URLs can`,
  );
}

function thinkingBlock({ text, providerMetadata }: UIPartLike): ContentBlockParam[] {
  const { signature, redactedData } = anthropicOf(providerMetadata);
  if (typeof redactedData === 'string') return [{ type: 'redacted_thinking', data: redactedData }];
  // The API takes back only what it has signed.
  if (typeof signature !== 'string') return [];
  return [{ type: 'thinking', thinking: String(text), signature }];
}

/** Each step is a turn of the model, and the results of its calls. */
function stepsOf(parts: readonly UIPartLike[]): UIPartLike[][] {
  const steps: UIPartLike[][] = [[]];
  for (const part of parts) {
    if (part.type === 'step-start') steps.push([]);
    else steps.at(-1)?.push(part);
  }
  return steps;
}

function assistantTurns(parts: readonly UIPartLike[]): MessageParam[] {
  const results: ToolResultBlockParam[] = [];
  const content = parts.flatMap((part): ContentBlockParam[] => {
    const name = toolNameOf(part);
    if (name === undefined) return ASSISTANT.get(part.type)?.(part) ?? [];
    const result = resultOf(part);
    if (result === undefined) return [];
    const input = isRecord(part.input) ? part.input : {};
    const id = part.toolCallId as string;
    if (part.providerExecuted === true) return serverCall(part, { id, name, input });
    results.push(result);
    return [{ type: 'tool_use', id, name, input }];
  });
  const turns = [
    { role: 'assistant', content },
    { role: 'user', content: results },
  ];
  return turns.filter(({ content }) => content.length > 0) as MessageParam[];
}

function toolNameOf({ type, toolName }: UIPartLike): string | undefined {
  if (type === 'dynamic-tool') return String(toolName);
  return type.startsWith('tool-') ? type.slice('tool-'.length) : undefined;
}

/** The result of a call; undefined where it has none yet. */
function resultOf(part: UIPartLike): ToolResultBlockParam | undefined {
  const result = { type: 'tool_result', tool_use_id: part.toolCallId as string } as const;
  const make = RESULTS.get(part.state);
  // A preliminary output is progress.
  return make === undefined || part.preliminary === true ? undefined : { ...result, ...make(part) };
}

const RESULTS: ReadonlyMap<unknown, (part: UIPartLike) => Partial<ToolResultBlockParam>> =
  /* @__PURE__ */ new Map([
    ['output-available', ({ output }: UIPartLike) => ({ content: contentOf(output) })],
    [
      'output-error',
      ({ errorText }: UIPartLike) => ({ content: String(errorText), is_error: true }),
    ],
    ['output-denied', () => ({ content: 'The user denied this call.', is_error: true })],
  ] as [unknown, (part: UIPartLike) => Partial<ToolResultBlockParam>][]);

function contentOf(output: unknown): NonNullable<ToolResultBlockParam['content']> {
  const isBlocks =
    Array.isArray(output) &&
    output.length > 0 &&
    output.every((block) => isRecord(block) && BLOCKS.has(block.type));
  if (isBlocks) return output as ToolResultBlockParam['content'] & object;
  return typeof output === 'string' ? output : (JSON.stringify(output) ?? '');
}

const BLOCKS: ReadonlySet<unknown> = new Set(['text', 'image', 'document', 'search_result']);

/** A call that the API ran, and its result, of the type that the part was made from. */
function serverCall(part: UIPartLike, call: object): ContentBlockParam[] {
  const { type } = anthropicOf(part.resultProviderMetadata);
  if (typeof type !== 'string' || part.state !== 'output-available') return [];
  const isMcp = type === 'mcp_tool_result';
  // The name of the MCP server is not in a part.
  if (isMcp) return [];
  const result = { type, tool_use_id: part.toolCallId, content: part.output };
  return [{ type: 'server_tool_use', ...call }, result] as unknown as ContentBlockParam[];
}

function anthropicOf(metadata: unknown): Record<string, unknown> {
  const { anthropic } = (metadata ?? {}) as { anthropic?: unknown };
  return isRecord(anthropic) ? anthropic : {};
}
