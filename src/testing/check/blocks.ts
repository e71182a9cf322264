import { isForged } from '../model/signature.js';
import { cacheControl } from './cache-control.js';
import { documentSource, imageSource } from './media.js';
import {
  anything,
  boolean,
  both,
  dictionary,
  fields,
  integer,
  list,
  listOf,
  matching,
  oneOf,
  orNull,
  problem,
  type Rule,
  type Rules,
  shape,
  sorted,
  string,
  stringOr,
  tagged,
  text,
} from './rules.js';

const cached = { cache_control: cacheControl };

/** The ids of calls that a client answers, and of those that the API answers. */
const id = matching(/^[a-zA-Z0-9_-]+$/);
const serverId = matching(/^srvtoolu_[a-zA-Z0-9_]+$/);

const caller: Rule = tagged({
  code_execution_20250825: fields({ tool_id: serverId }),
  code_execution_20260120: fields({ tool_id: serverId }),
  code_execution_20260521: fields({ tool_id: serverId }),
  direct: fields({}),
});

const documentPlace = { cited_text: string, document_index: integer };
const documentTitle = { document_title: string, file_id: string };

const citation: Rule = tagged({
  char_location: fields(
    { ...documentPlace, start_char_index: integer, end_char_index: integer },
    documentTitle,
  ),
  content_block_location: fields(
    { ...documentPlace, start_block_index: integer, end_block_index: integer },
    documentTitle,
  ),
  page_location: fields(
    { ...documentPlace, start_page_number: integer, end_page_number: integer },
    documentTitle,
  ),
  search_result_location: fields(
    {
      cited_text: string,
      source: string,
      search_result_index: integer,
      start_block_index: integer,
      end_block_index: integer,
    },
    { title: string },
  ),
  web_search_result_location: fields(
    { cited_text: string, encrypted_index: string, url: string },
    { title: string },
  ),
});

/** A cached text must say something; what an empty text is without `cache_control` depends on its place. */
const visibleIfCached: Rule = (value, path) => {
  const { text, cache_control } = value as Record<string, unknown>;
  return text === '' && cache_control != null
    ? problem(path, 'cache_control cannot be set for empty text blocks')
    : undefined;
};

export const textBlock: Rule = both(
  fields({ text: string }, { ...cached, citations: listOf(citation) }),
  visibleIfCached,
);

const image: Rule = fields(
  { source: imageSource },
  { ...cached, transformations: shape({}, { oversized_image: oneOf('downsize', 'error') }) },
);

const citations = { citations: shape({}, { enabled: boolean }) };

const document: Rule = fields(
  { source: documentSource(tagged({ image, text: textBlock })) },
  { ...cached, ...citations, context: string, title: string },
);

const searchResult: Rule = fields(
  { source: string, title: string, content: listOf(tagged({ text: textBlock })) },
  { ...cached, ...citations },
);

const toolReference: Rule = fields({ tool_name: text }, cached);

const toolResultContent: Rule = stringOr(
  listOf(
    tagged({
      browser_state: fields({ tabs: list }, { ...cached, state_changes: list }),
      document,
      image,
      search_result: searchResult,
      text: textBlock,
      tool_reference: toolReference,
    }),
  ),
);

const signed: Rule = (value) =>
  isForged(value as { thinking: string; signature: string })
    ? 'Invalid `signature` in `thinking` block'
    : undefined;

/** The API names the block of a signature without its type. */
const signature: Rule = (value, path) => {
  const wrong = signed(value, path);
  return wrong === undefined ? undefined : problem(path.replace(/\.thinking$/, ''), wrong);
};

/** A result of a tool that the API runs: a result or an error, of the API's own making. */
const serverResult = (content: Rule = dictionary, more: Rules = {}): Rule =>
  fields({ tool_use_id: serverId, content }, { ...cached, ...more });

const listOrError: Rule = (value, path) =>
  Array.isArray(value) ? undefined : dictionary(value, path);

/** What a system turn adds to the tools of a conversation, or removes from them. */
const reference: Rules = {
  mcp_tool_reference: fields({ server_name: text, name: text }),
  mcp_toolset_reference: fields({ server_name: text }),
  tool_reference: fields({ name: text }),
};

const toolChange = (tool: Rules): Rule => fields({ tool: tagged(sorted(tool)) }, cached);

const toolAddition: Rule = toolChange({
  ...reference,
  tool_definition: fields({ definition: dictionary }),
});
const toolRemoval: Rule = toolChange(reference);

const model: Rule = shape({ model: text });

/** The blocks of a request, by their type. */
export const BLOCKS: Rules = sorted({
  advisor_tool_result: serverResult(),
  bash_code_execution_tool_result: serverResult(),
  code_execution_tool_result: serverResult(),
  compaction: fields(
    {},
    {
      ...cached,
      content: string,
      encrypted_content: string,
      signature: string,
      tool_changes: listOf(tagged({ tool_addition: toolAddition, tool_removal: toolRemoval })),
    },
  ),
  container_upload: fields({ file_id: text }, cached),
  document,
  fallback: fields({ from: model, to: model }, { trigger: anything }),
  image,
  mcp_tool_listing: fields({
    mcp_server_name: text,
    tools: listOf(shape({ name: text, input_schema: dictionary }, { description: string })),
  }),
  mcp_tool_result: fields(
    { tool_use_id: id },
    {
      ...cached,
      content: stringOr(listOf(tagged({ text: textBlock }))),
      is_error: boolean,
    },
  ),
  mcp_tool_use: fields({ id, name: text, server_name: text, input: dictionary }, cached),
  redacted_thinking: fields({ data: string }),
  search_result: searchResult,
  server_tool_use: fields({ id: serverId, name: text, input: dictionary }, { ...cached, caller }),
  text: textBlock,
  text_editor_code_execution_tool_result: serverResult(),
  thinking: both(fields({ thinking: string, signature: string }), signature),
  tool_addition: toolAddition,
  tool_removal: toolRemoval,
  tool_result: fields(
    { tool_use_id: id },
    { ...cached, content: toolResultContent, is_error: boolean, toolset_name: orNull(string) },
  ),
  tool_search_tool_result: serverResult(),
  tool_use: fields(
    { id, name: text, input: dictionary },
    { ...cached, caller, toolset_name: string },
  ),
  web_fetch_tool_result: serverResult(dictionary, { caller }),
  web_search_tool_result: serverResult(listOrError, { caller }),
});
