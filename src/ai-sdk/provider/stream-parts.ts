import type { JSONValue, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { asText } from '../../json/as-text.js';
import { isServerTool } from '../../message/kinds.js';
import type { UntypedBlock, UntypedDelta, UntypedEvent } from '../../message/untyped.js';
import type { BetaMessage } from '../../wire/beta.js';
import { metadata, type OpenPart, type PartRule, plainRule, withMetadata } from './block-parts.js';
import { CallInput } from './call-input.js';
import { type Citation, type CitedDocument, sourceOf, toCitation } from './citations.js';
import { finishPart } from './finish-part.js';
import { callerMetadata, callOf, serverResult, type ToolNames } from './server-tools.js';

type Part = LanguageModelV4StreamPart;

/** The events of a message as parts of the AI SDK. */
export class StreamParts {
  readonly #names: ToolNames;
  readonly #documents: CitedDocument[];
  readonly #open = new Map<unknown, OpenPart>();
  /** Calls that the API runs, by id: a result doesn't say of which tool it is. */
  readonly #calls = new Map<unknown, UntypedBlock>();
  /** Citations of the web: the results of a search are sources already. */
  #webCitations: Citation[] = [];
  #hasResults = false;
  #messageId = '';
  #sources = 0;

  constructor(names: ToolNames, documents: CitedDocument[]) {
    this.#names = names;
    this.#documents = documents;
  }

  event(event: UntypedEvent): Part[] {
    return this.#events[event.type]?.(event) ?? [];
  }

  readonly #events: Readonly<Record<string, (event: UntypedEvent) => Part[]>> = {
    message_start: ({ message }) => this.#start(message as BetaMessage),
    content_block_start: ({ index, content_block }) =>
      this.#blockStart(index, content_block as UntypedBlock),
    content_block_delta: ({ index, delta }) => {
      const open = this.#open.get(index);
      const rule = open && this.#rule(open.block);
      return (open && rule?.delta?.(open, delta as UntypedDelta)) ?? [];
    },
    content_block_stop: ({ index, content_block }) => this.#blockStop(index, content_block),
    message_stop: ({ message }) => [
      ...(this.#hasResults ? [] : this.#webCitations.flatMap((citation) => this.#source(citation))),
      finishPart(message as BetaMessage),
    ],
  };

  #start({ id, model, usage, content }: BetaMessage): Part[] {
    this.#messageId = id;
    const providerMetadata = metadata({ id, model, usage });
    return [
      { type: 'response-metadata', id, modelId: model },
      { type: 'custom', kind: 'anthropic.message_start', providerMetadata },
      // After a programmatic call a message begins with blocks that are whole.
      ...(content as unknown as UntypedBlock[]).flatMap((block, n) => {
        const parts = this.#blockStart(`start-${n}`, block);
        return [...parts, ...this.#blockStop(`start-${n}`, block)];
      }),
    ];
  }

  #blockStart(index: unknown, block: UntypedBlock): Part[] {
    const inputType = isServerTool(block) ? callOf(asText(block.name)).inputType : undefined;
    const isCall =
      block.type === 'tool_use' || block.type === 'mcp_tool_use' || isServerTool(block);
    const id = isCall ? asText(block.id) : String(index);
    const open = { id, block, input: new CallInput(inputType, block.input), citations: [] };
    this.#open.set(index, open);
    return this.#rule(block).start?.(open) ?? [];
  }

  #blockStop(index: unknown, block: unknown): Part[] {
    const open = this.#open.get(index);
    this.#open.delete(index);
    if (open === undefined) return [];
    return this.#rule(open.block).stop?.(open, (block ?? open.block) as UntypedBlock) ?? [];
  }

  #rule(block: UntypedBlock): PartRule {
    return this.#rules[block.type] ?? (isResult(block) ? this.#result : plainRule(block));
  }

  readonly #text: PartRule = {
    start: ({ id }) => [{ type: 'text-start', id }],
    delta: (open, { type, text, citation }) => {
      if (type === 'text_delta')
        return [{ type: 'text-delta', id: open.id, delta: text as string }];
      if (type !== 'citations_delta') return [];
      open.citations.push(citation as Citation);
      if (!isOfWeb(citation as Citation)) return this.#source(citation as Citation);
      this.#webCitations.push(citation as Citation);
      return [];
    },
    stop: ({ id, citations }) => {
      if (citations.length === 0) return [{ type: 'text-end', id }];
      const cited = citations.map((citation) => toCitation(citation, this.#documents));
      return [
        { type: 'text-end', id, citations: cited, providerMetadata: metadata({ citations }) },
      ];
    },
  };

  readonly #call: PartRule = {
    start: ({ id, block }) => [{ type: 'tool-input-start', id, ...this.#toolOf(block) }],
    delta: ({ id, input }, { type, partial_json }) => {
      if (type !== 'input_json_delta' || partial_json === '') return [];
      return [{ type: 'tool-input-delta', id, delta: input.add(partial_json as string) }];
    },
    stop: ({ id, input, block }) => {
      this.#calls.set(id, block);
      return [
        { type: 'tool-input-end', id },
        {
          type: 'tool-call',
          toolCallId: id,
          input: input.json,
          ...this.#toolOf(block),
          ...withMetadata(callerMetadata(block)),
        },
      ];
    },
  };

  /** Its server is metadata of the call and of its result. */
  readonly #mcpCall: PartRule = {
    delta: ({ input }, { partial_json }) => {
      if (typeof partial_json === 'string') input.add(partial_json);
      return [];
    },
    stop: ({ id, input, block }) => {
      this.#calls.set(id, block);
      const fields = { toolCallId: id, input: input.json, providerExecuted: true };
      return [{ type: 'tool-call', ...fields, ...mcpFields(block) }];
    },
  };

  readonly #result: PartRule = {
    start: ({ block }) => {
      const { type, tool_use_id, content } = block;
      const call = this.#calls.get(tool_use_id);
      const toolCallId = asText(tool_use_id);
      if (type === 'mcp_tool_result') {
        const isError = block.is_error === true;
        const result = content as NonNullable<JSONValue>;
        return [{ type: 'tool-result', toolCallId, isError, result, ...mcpFields(call ?? block) }];
      }
      this.#fetched(content);
      const name = asText(call?.name ?? type.replace(/_tool_result$/, ''));
      const { result, isError } = serverResult(block);
      return [
        {
          type: 'tool-result',
          toolCallId,
          toolName: this.#names.own(callOf(name).tool),
          result: result as NonNullable<JSONValue>,
          ...(isError && { isError }),
          ...withMetadata(callerMetadata(block)),
        },
        ...this.#pages(content),
      ];
    },
  };

  readonly #rules: Readonly<Record<string, PartRule>> = {
    text: this.#text,
    tool_use: this.#call,
    server_tool_use: this.#call,
    mcp_tool_use: this.#mcpCall,
  };

  #toolOf(block: UntypedBlock): {
    toolName: string;
    providerExecuted?: true;
    dynamic?: true;
  } {
    const name = asText(block.name);
    if (!isServerTool(block)) return { toolName: name };
    const { tool } = callOf(name);
    // The API runs code for web tools, also where a program doesn't list that tool: it can't know its inputs.
    const isDynamic = tool === 'code_execution' && !this.#names.has(tool);
    const toolName = this.#names.own(tool);
    return { toolName, providerExecuted: true, ...(isDynamic && { dynamic: true }) };
  }

  #source(citation: Citation): Part[] {
    const source = sourceOf(citation, this.#documents, this.#nextId());
    return source === undefined ? [] : [source];
  }

  /** The pages of a web search. */
  #pages(content: unknown): Part[] {
    const pages = (Array.isArray(content) ? content : []) as Citation[];
    return pages.flatMap((page): Part[] => {
      if (page?.type !== 'web_search_result' || page.url === undefined) return [];
      this.#hasResults = true;
      const { url, title, page_age = null } = page;
      return [
        {
          type: 'source',
          sourceType: 'url',
          id: this.#nextId(),
          url,
          ...(title ? { title } : {}),
          providerMetadata: metadata({ pageAge: page_age }),
        },
      ];
    });
  }

  /** A page that was fetched can be cited, after the documents of the prompt. */
  #fetched(content: unknown): void {
    const { type, url, content: page } = (content ?? {}) as FetchedPage;
    if (type !== 'web_fetch_result') return;
    const mediaType = page?.source?.media_type ?? 'text/plain';
    this.#documents.push({ title: page?.title ?? url ?? 'Untitled Document', mediaType });
  }

  #nextId(): string {
    return `${this.#messageId}-source-${this.#sources++}`;
  }
}

interface FetchedPage {
  type?: string;
  url?: string;
  content?: { title?: string | null; source?: { media_type?: string } };
}

function isResult({ type }: UntypedBlock): boolean {
  return /_tool_result$/.test(type);
}

function isOfWeb({ type }: Citation): boolean {
  return type === 'web_search_result_location';
}

/** The fields of a call that an MCP server runs, and of its result. */
function mcpFields({ name, server_name }: UntypedBlock): {
  toolName: string;
  dynamic: true;
  providerMetadata: ReturnType<typeof metadata>;
} {
  const providerMetadata = metadata({ type: 'mcp-tool-use', serverName: server_name });
  return { toolName: asText(name), dynamic: true, providerMetadata };
}
