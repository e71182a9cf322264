import { cacheControl } from './cache-control.js';
import {
  boolean,
  both,
  dictionary,
  fields,
  integer,
  list,
  listOf,
  matching,
  oneOf,
  problem,
  type Rule,
  type Rules,
  shape,
  sorted,
  string,
  tagged,
  text,
} from './rules.js';
import { checkSchema } from './strict-schema.js';

const TOOL_NAME = matching(/^[a-zA-Z0-9_-]{1,128}$/);

const DIALECTS = ['oneOf', 'allOf', 'anyOf'];

const inputSchema: Rule = (value, path) => {
  const wrong = dictionary(value, path);
  if (wrong !== undefined) return wrong;
  const { type, ...schema } = value as Record<string, unknown>;
  if (type === undefined) return problem(`${path}.type`, 'Field required');
  return (
    both(string, oneOf('object'))(type, `${path}.type`) ??
    (DIALECTS.some((name) => Object.hasOwn(schema, name))
      ? problem(path, 'input_schema does not support oneOf, allOf, or anyOf at the top level')
      : undefined)
  );
};

const callers = listOf(
  oneOf('direct', 'code_execution_20250825', 'code_execution_20260120', 'code_execution_20260521'),
);

/** The fields that all tools may have but toolsets. */
const common: Rules = {
  allowed_callers: callers,
  cache_control: cacheControl,
  defer_loading: boolean,
  strict: boolean,
};

const customFields: Rule = shape(
  { name: TOOL_NAME, input_schema: inputSchema },
  {
    ...common,
    type: string,
    description: string,
    eager_input_streaming: boolean,
    input_examples: listOf(dictionary),
  },
);

/** The API checks the schema of a strict tool as that of a structured output. */
const strictSchema: Rule = (value, path) => {
  const { strict, input_schema } = value as Record<string, unknown>;
  return strict === true ? checkSchema(input_schema, path) : undefined;
};

const custom: Rule = both(customFields, strictSchema);

const named = (name: string, more: Rules = {}): Rule =>
  fields({ name: oneOf(name) }, { ...common, ...more });

const screen = { display_width_px: integer, display_height_px: integer };

const computer = (more: Rules = {}): Rule =>
  fields({ name: oneOf('computer'), ...screen }, { ...common, display_number: integer, ...more });

const domains = { allowed_domains: listOf(string), blocked_domains: listOf(string) };

const userLocation: Rule = tagged({
  approximate: fields({}, { city: string, country: string, region: string, timezone: string }),
});

const search: Rules = { ...domains, max_uses: integer, user_location: userLocation };

const fetched: Rules = {
  ...domains,
  max_uses: integer,
  max_content_tokens: integer,
  citations: shape({}, { enabled: boolean }),
  url_sources: dictionary,
};

const inclusion: Rules = { response_inclusion: oneOf('full', 'excluded') };

const toolset: Rule = fields({}, { cache_control: cacheControl, configs: dictionary });

/** The tools of a request, by their type. */
const TOOLS: Rules = sorted({
  custom,
  advisor_20260301: fields(
    { name: oneOf('advisor'), model: text },
    { ...common, caching: cacheControl, max_tokens: integer, max_uses: integer },
  ),
  bash_20241022: named('bash'),
  bash_20250124: named('bash'),
  browser_toolset_20260801: toolset,
  code_execution_20250522: named('code_execution'),
  code_execution_20250825: named('code_execution'),
  code_execution_20260120: named('code_execution'),
  code_execution_20260521: named('code_execution'),
  computer_20241022: computer(),
  computer_20250124: computer(),
  computer_20251124: computer({ enable_zoom: boolean }),
  computer_toolset_20260801: toolset,
  mcp_toolset: fields(
    { mcp_server_name: text },
    {
      cache_control: cacheControl,
      configs: dictionary,
      default_config: shape({}, { defer_loading: boolean, enabled: boolean }),
      tools: list,
    },
  ),
  memory_20250818: named('memory'),
  text_editor_20241022: named('str_replace_editor'),
  text_editor_20250124: named('str_replace_editor'),
  text_editor_20250429: named('str_replace_based_edit_tool'),
  text_editor_20250728: named('str_replace_based_edit_tool', { max_characters: integer }),
  tool_search_tool_bm25: named('tool_search_tool_bm25'),
  tool_search_tool_bm25_20251119: named('tool_search_tool_bm25'),
  tool_search_tool_regex: named('tool_search_tool_regex'),
  tool_search_tool_regex_20251119: named('tool_search_tool_regex'),
  web_fetch_20250910: named('web_fetch', fetched),
  web_fetch_20260209: named('web_fetch', fetched),
  web_fetch_20260309: named('web_fetch', { ...fetched, use_cache: boolean }),
  web_fetch_20260318: named('web_fetch', { ...fetched, ...inclusion, use_cache: boolean }),
  web_search_20250305: named('web_search', search),
  web_search_20260209: named('web_search', search),
  web_search_20260318: named('web_search', { ...search, ...inclusion }),
});

const anyTool: Rule = tagged(TOOLS);

/** A tool without a type is a custom one. */
const tool: Rule = (value, path) => {
  const { type } = (value ?? {}) as { type?: unknown };
  return type == null ? custom(value, `${path}.custom`) : anyTool(value, path);
};

const uniqueNames: Rule = (value, path) => {
  const names = (value as { name?: string }[]).map(({ name }) => name).filter(Boolean);
  return new Set(names).size < names.length
    ? problem(path, 'Tool names must be unique.')
    : undefined;
};

/** The param `tools`. */
export const tools: Rule = both(listOf(tool), uniqueNames);

const parallel = { disable_parallel_tool_use: boolean };

/** The param `tool_choice`. */
export const toolChoice: Rule = tagged({
  auto: fields({}, parallel),
  any: fields({}, parallel),
  tool: fields({ name: string }, parallel),
  none: fields({}),
});
