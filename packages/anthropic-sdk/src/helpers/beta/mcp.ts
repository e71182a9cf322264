import type { MessageParam, ToolResultContent } from 'millrace';
import type { BetaRunnableTool } from '../../lib/tools/BetaRunnableTool.js';
import { ToolError } from '../../lib/tools/ToolError.js';
import { type MCPContentLike, mcpContent } from './mcp-content.js';

export {
  type MCPContentLike,
  type MCPReadResourceResultLike,
  type MCPResourceContentsLike,
  mcpContent,
  mcpResourceToContent,
  mcpResourceToFile,
  UnsupportedMCPValueError,
} from './mcp-content.js';

/** A tool, as `listTools()` of an MCP client returns it. */
export interface MCPToolLike {
  name: string;
  description?: string | undefined;
  inputSchema: {
    type: 'object';
    properties?: Record<string, unknown> | null | undefined;
    required?: string[] | readonly string[] | null | undefined;
    [keyword: string]: unknown;
  };
}

/** What `callTool()` of an MCP client resolves with. */
export interface MCPCallToolResultLike {
  content: MCPContentLike[];
  structuredContent?: object | undefined;
  isError?: boolean | undefined;
}

/** What is needed of an MCP client. */
export interface MCPClientLike {
  callTool(params: {
    name: string;
    arguments?: Record<string, unknown>;
  }): Promise<MCPCallToolResultLike>;
}

/** A message of a prompt, as `getPrompt()` of an MCP client returns it. */
export interface MCPPromptMessageLike {
  role: 'user' | 'assistant';
  content: MCPContentLike;
}

type Fields = Record<string, unknown>;

/**
 * A tool of an MCP server, for `toolRunner()`.
 * @param extraProps more fields of the tool, such as `cache_control`.
 */
export function mcpTool(
  { name, description, inputSchema }: MCPToolLike,
  mcpClient: MCPClientLike,
  extraProps: Fields = {},
): BetaRunnableTool<Record<string, unknown>> {
  const { properties = null, required = null } = inputSchema;
  const tool = {
    name,
    ...(description === undefined ? {} : { description }),
    input_schema: { ...inputSchema, type: 'object' as const, properties, required },
    ...extraProps,
    parse: (content: unknown) => content as Record<string, unknown>,
    run: async (input: Record<string, unknown>) =>
      toResult(await mcpClient.callTool({ name, arguments: input })),
  };
  return tool as BetaRunnableTool<Record<string, unknown>>;
}

export function mcpTools(
  tools: MCPToolLike[],
  mcpClient: MCPClientLike,
  extraProps?: Fields,
): BetaRunnableTool<Record<string, unknown>>[] {
  return tools.map((tool) => mcpTool(tool, mcpClient, extraProps));
}

/** A tool with structured content may leave the text out. */
function toResult(result: MCPCallToolResultLike): string | ToolResultContent[] {
  const { content, structuredContent, isError } = result;
  if (!isError && content.length === 0 && typeof structuredContent === 'object') {
    if (structuredContent !== null) return JSON.stringify(structuredContent);
  }
  const blocks = content.map((each) => mcpContent(each) as ToolResultContent);
  if (isError) throw new ToolError(blocks);
  return blocks;
}

/** A message of an MCP prompt, for `messages`. @throws UnsupportedMCPValueError */
export function mcpMessage(
  { role, content }: MCPPromptMessageLike,
  extraProps?: Fields,
): MessageParam {
  return { role, content: [mcpContent(content, extraProps)] };
}

export function mcpMessages(messages: MCPPromptMessageLike[], extraProps?: Fields): MessageParam[] {
  return messages.map((message) => mcpMessage(message, extraProps));
}
