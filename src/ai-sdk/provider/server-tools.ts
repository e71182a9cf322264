import type { LanguageModelV4CallOptions, LanguageModelV4ProviderTool } from '@ai-sdk/provider';
import { isRecord } from '../../json/is-record.js';
import type { UntypedBlock } from '../../message/untyped.js';
import { anthropicOf, toCamel, toSnake } from './names.js';

/** A tool that the API knows by its type, as the API wants it. */
export interface ServerToolParam {
  type: string;
  name: string;
}

/** Tools whose names are not their types without the date. */
const NAMES: Readonly<Record<string, string>> = {
  text_editor_20241022: 'str_replace_editor',
  text_editor_20250124: 'str_replace_editor',
  text_editor_20250429: 'str_replace_based_edit_tool',
  text_editor_20250728: 'str_replace_based_edit_tool',
};

/** Of a tool of the AI SDK, such as `anthropic.web_search_20260318`; undefined for one of another vendor. */
export function serverTool({ id, args }: LanguageModelV4ProviderTool): ServerToolParam | undefined {
  const [, found] = /^anthropic\.(\w+)$/.exec(id) ?? [];
  if (found === undefined) return undefined;
  const type = found.replace(/^tool_search_(?=regex|bm25)/, 'tool_search_tool_');
  // Its members are tools of their own, which no program lists.
  if (type.includes('_toolset_')) return undefined;
  const name = NAMES[type] ?? type.replace(/_\d{8}$/, '');
  return { type, name, ...(toSnake(args) as object) };
}

/** The names that a program has given to server tools, and those of the API. */
export class ToolNames {
  readonly #own = new Map<string, string>();
  readonly #ofApi = new Map<string, string>();

  constructor(tools: LanguageModelV4CallOptions['tools'] = []) {
    for (const tool of tools) {
      const name = tool.type === 'provider' ? serverTool(tool)?.name : undefined;
      if (name === undefined) continue;
      this.#own.set(name, tool.name);
      this.#ofApi.set(tool.name, name);
    }
  }

  /** Whether a program lists a tool of the API. */
  has(ofApi: string): boolean {
    return this.#own.has(ofApi);
  }

  /** The program's name for a tool. */
  own(ofApi: string): string {
    return this.#own.get(ofApi) ?? ofApi;
  }

  ofApi(own: string): string {
    return this.#ofApi.get(own) ?? own;
  }
}

/** Tools of code execution, which programs know as one. */
const SUBTOOL = /^(bash|text_editor)_code_execution$/;

/** The name under which a program knows the tool of a call, and what its input says of a tool among several. */
export function callOf(name: string): { tool: string; inputType?: string } {
  if (SUBTOOL.test(name)) return { tool: 'code_execution', inputType: name };
  return name === 'code_execution'
    ? { tool: name, inputType: 'programmatic-tool-call' }
    : { tool: name };
}

/** The call that a part was made from. */
export function serverCallBlock(name: string, input: unknown): { name: string; input: unknown } {
  if (name === 'advisor') return { name, input: {} };
  if (name !== 'code_execution' || !isRecord(input)) return { name, input };
  const { type, ...rest } = input;
  const isSubtool = typeof type === 'string' && SUBTOOL.test(type);
  return { name: isSubtool ? type : name, input: rest };
}

/** A result of a tool that the API has run, for the AI SDK. */
export function serverResult({ type, content }: UntypedBlock): {
  result: unknown;
  isError?: true;
} {
  const { error_code } = (content ?? {}) as { error_code?: unknown };
  if (/^(bash|text_editor)_code/.test(type)) return { result: content };
  if (error_code !== undefined) return { isError: true, result: toCamel(content) };
  if (type === 'code_execution_tool_result') {
    return { result: { ...(content as object), content: (content as UntypedBlock).content ?? [] } };
  }
  if (type === 'tool_search_tool_result') {
    return { result: toCamel((content as { tool_references: unknown }).tool_references) };
  }
  if (type !== 'web_search_tool_result') return { result: toCamel(content) };
  return {
    result: (content as object[]).map((page) => ({
      ...(toCamel({ page_age: null, ...page }) as object),
    })),
  };
}

/** The block that a result was made from. */
export function serverResultBlock(name: string, id: string, value: unknown): object {
  const { type } = isRecord(value) ? value : {};
  const isError = isRecord(value) && 'errorCode' in value;
  const result = { tool_use_id: id };
  if (name === 'code_execution') {
    const [, subtool = ''] = /^((?:bash|text_editor)_)code_execution/.exec(String(type)) ?? [];
    const content = isError ? toSnake(value) : value;
    return { type: `${subtool}code_execution_tool_result`, ...result, content };
  }
  const isSearch = /^tool_search_tool_/.test(name) && !isError;
  const kind = name.startsWith('tool_search_tool_') ? 'tool_search' : name;
  const content = isSearch
    ? { type: 'tool_search_tool_search_result', tool_references: toSnake(value) }
    : toSnake(value);
  return { type: `${kind}_tool_result`, ...result, content };
}

/** What called a tool: the model, or code that it wrote. */
export function callerMetadata({ caller }: UntypedBlock): {
  caller?: { type: string; toolId?: string };
} {
  if (!isRecord(caller)) return {};
  const { type, tool_id } = caller as { type: string; tool_id?: string };
  return { caller: { type, ...(tool_id === undefined ? {} : { toolId: tool_id }) } };
}

export function callerParam(options: unknown): { caller?: unknown } {
  const { caller } = anthropicOf(options);
  return isRecord(caller) ? { caller: toSnake(caller) } : {};
}
