import { AnthropicError } from '../errors.js';
import type { ToolResultContent } from '../wire/content-params.js';
import { type RunnableTool, type ToolInputSchema, tool } from './tool.js';
import { ToolError } from './tool-error.js';

/**
 * What is needed of a client of the Model Context Protocol: that of `@modelcontextprotocol/sdk` has it, and any
 * other with these two methods.
 */
export interface MCPClient {
  /** A page of the server's tools. */
  listTools(params?: { cursor?: string }): Promise<{
    tools: readonly {
      name: string;
      description?: string | undefined;
      inputSchema: { readonly type: 'object'; readonly [keyword: string]: unknown };
    }[];
    nextCursor?: string | undefined;
  }>;
  /** Calls a tool. Resolves with its result, as `tools/call` returns it. */
  callTool(
    params: { name: string; arguments?: Record<string, unknown> },
    resultSchema?: undefined,
    options?: { signal?: AbortSignal; onprogress?: (progress: unknown) => void },
  ): Promise<unknown>;
}

/**
 * The tools of an MCP server, for `messages.toolRunner`. A call is made through the client; its progress
 * goes to `tool_update` events, and the run's signal ends it. Texts, images and PDFs go to the model as they
 * are, other content as text.
 * @throws what the client throws (rejects).
 */
export async function mcpTools(client: MCPClient): Promise<RunnableTool[]> {
  const tools: RunnableTool[] = [];
  const cursors = new Set<string>();
  for (;;) {
    const cursor = [...cursors].at(-1);
    const page = await client.listTools(cursor === undefined ? undefined : { cursor });
    tools.push(...page.tools.map((listed) => toTool(client, listed)));
    const { nextCursor } = page;
    if (nextCursor === undefined) return tools;
    if (cursors.has(nextCursor)) {
      throw new AnthropicError(
        `the MCP server lists its tools in a circle: ${nextCursor} came twice`,
      );
    }
    cursors.add(nextCursor);
  }
}

type Listed = Awaited<ReturnType<MCPClient['listTools']>>['tools'][number];

function toTool(client: MCPClient, { name, description, inputSchema }: Listed): RunnableTool {
  const { $schema, ...input } = inputSchema;
  return tool({
    name,
    ...(description !== undefined && { description }),
    input: input as ToolInputSchema,
    run: async (given, { signal, emit }) => {
      const params = { name, arguments: given as Record<string, unknown> };
      const result = await client.callTool(params, undefined, { signal, onprogress: emit });
      const { isError, ...answer } = result as MCPResult;
      const content = toContent(answer);
      if (isError === true) throw new ToolError(content);
      return content;
    },
  });
}

interface MCPResult {
  readonly content?: readonly MCPContent[];
  readonly structuredContent?: unknown;
  readonly isError?: boolean;
}

interface MCPContent {
  readonly type: string;
  readonly text?: string;
  readonly data?: string;
  readonly mimeType?: string;
  readonly uri?: string;
  readonly resource?: { uri?: string; text?: string; blob?: string; mimeType?: string };
}

/** A tool with an output schema may leave the text out. */
function toContent({ content = [], structuredContent }: MCPResult): readonly ToolResultContent[] {
  if (content.length > 0) return content.map(toBlock);
  return structuredContent === undefined ? [] : [toText(JSON.stringify(structuredContent))];
}

const IMAGES = /^image\/(jpeg|png|gif|webp)$/;

function toBlock(content: MCPContent): ToolResultContent {
  const { type, resource } = content;
  if (type === 'text') return toText(content.text ?? '');
  if (type === 'resource_link') return toText(content.uri ?? '');
  if (resource?.text !== undefined) return toText(resource.text);
  const data = content.data ?? resource?.blob;
  const media_type = content.mimeType ?? resource?.mimeType ?? '';
  if (data !== undefined && IMAGES.test(media_type)) {
    return { type: 'image', source: { type: 'base64', media_type, data } };
  }
  if (data !== undefined && media_type === 'application/pdf') {
    return { type: 'document', source: { type: 'base64', media_type, data } };
  }
  return toText(`[${type} ${media_type || 'of an unknown type'}, which can't be shown]`);
}

const toText = (text: string): ToolResultContent => ({ type: 'text', text });
