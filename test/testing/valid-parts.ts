/** A valid value of every param, block and tool of the API, with all of its fields. */

const cache_control = { type: 'ephemeral', ttl: '1h' };
const caller = { type: 'code_execution_20260120', tool_id: 'srvtoolu_1' };
const place = { cited_text: 'a', document_index: 0, document_title: 'a', file_id: 'a' };
const text = { type: 'text', text: 'a' };
const image = {
  type: 'image',
  source: { type: 'base64', media_type: 'image/png', data: 'AAAA' },
  cache_control,
  transformations: { oversized_image: 'downsize' },
};
const citations = { enabled: true };
const searchResult = {
  type: 'search_result',
  source: 'a',
  title: 'a',
  content: [text],
  citations,
  cache_control,
};
const server = { tool_use_id: 'srvtoolu_1', cache_control };
const reference = { type: 'tool_reference', name: 'a' };

/** Sources of documents. */
const SOURCES = [
  { type: 'base64', media_type: 'application/pdf', data: 'AAAA' },
  { type: 'content', content: [text, image] },
  { type: 'file', file_id: 'a' },
  { type: 'text', media_type: 'text/plain', data: 'a' },
  { type: 'url', url: 'https://a' },
];

export const USER_BLOCKS: readonly object[] = [
  {
    ...text,
    cache_control,
    citations: [
      { type: 'char_location', ...place, start_char_index: 0, end_char_index: 1 },
      { type: 'content_block_location', ...place, start_block_index: 0, end_block_index: 1 },
      { type: 'page_location', ...place, start_page_number: 0, end_page_number: 1 },
      {
        type: 'search_result_location',
        cited_text: 'a',
        source: 'a',
        title: 'a',
        search_result_index: 0,
        start_block_index: 0,
        end_block_index: 1,
      },
      {
        type: 'web_search_result_location',
        cited_text: 'a',
        encrypted_index: 'a',
        url: 'a',
        title: 'a',
      },
    ],
  },
  image,
  { type: 'image', source: { type: 'url', url: 'https://a' } },
  { type: 'image', source: { type: 'file', file_id: 'a' } },
  ...SOURCES.map((source) => ({
    type: 'document',
    source,
    title: 'a',
    context: 'a',
    citations,
    cache_control,
  })),
  searchResult,
  { type: 'container_upload', file_id: 'a', cache_control },
];

/** A result of the call `a`. */
export const RESULT: object = {
  type: 'tool_result',
  tool_use_id: 'a',
  is_error: false,
  cache_control,
  toolset_name: 'a',
  content: [
    text,
    { ...image, cache_control: null },
    { type: 'document', source: SOURCES[0] },
    { ...searchResult, cache_control: null },
    { type: 'tool_reference', tool_name: 'a', cache_control },
    { type: 'browser_state', tabs: [], state_changes: [], cache_control },
  ],
};

export const ASSISTANT_BLOCKS: readonly object[] = [
  { type: 'redacted_thinking', data: 'a' },
  { type: 'tool_use', id: 'a', name: 'a', input: {}, caller, toolset_name: 'a', cache_control },
  {
    type: 'server_tool_use',
    id: 'srvtoolu_1',
    name: 'web_search',
    input: {},
    caller: { type: 'direct' },
    cache_control,
  },
  { type: 'web_search_tool_result', ...server, caller, content: [] },
  ...[
    'advisor_tool_result',
    'bash_code_execution_tool_result',
    'code_execution_tool_result',
    'text_editor_code_execution_tool_result',
    'tool_search_tool_result',
    'web_fetch_tool_result',
  ].map((type) => ({ type, ...server, content: {} })),
  { type: 'web_fetch_tool_result', ...server, caller, content: {} },
  { type: 'mcp_tool_use', id: 'a', name: 'a', server_name: 'a', input: {}, cache_control },
  { type: 'mcp_tool_result', tool_use_id: 'a', is_error: false, content: [text], cache_control },
  {
    type: 'mcp_tool_listing',
    mcp_server_name: 'a',
    tools: [{ name: 'a', description: 'a', input_schema: {} }],
  },
  {
    type: 'compaction',
    content: 'a',
    encrypted_content: 'a',
    signature: 'a',
    cache_control,
    tool_changes: [
      { type: 'tool_addition', tool: reference },
      { type: 'tool_removal', tool: reference },
    ],
  },
  { type: 'fallback', from: { model: 'a' }, to: { model: 'a' } },
];

export const SYSTEM_BLOCKS: readonly object[] = [
  { ...text, cache_control },
  ...[
    reference,
    { type: 'mcp_tool_reference', server_name: 'a', name: 'a' },
    { type: 'mcp_toolset_reference', server_name: 'a' },
  ].flatMap((tool) => [
    { type: 'tool_addition', tool, cache_control },
    { type: 'tool_removal', tool, cache_control },
  ]),
  { type: 'tool_addition', tool: { type: 'tool_definition', definition: {} } },
];

const tool = {
  allowed_callers: ['direct'],
  cache_control,
  defer_loading: false,
  strict: true,
};
const domains = { allowed_domains: ['a'], blocked_domains: ['a'], max_uses: 1 };
const search = {
  ...domains,
  user_location: { type: 'approximate', city: 'a', country: 'a', region: 'a', timezone: 'a' },
};
const fetched = { ...domains, max_content_tokens: 1, citations, url_sources: {} };
const screen = { name: 'computer', display_width_px: 1, display_height_px: 1, display_number: 1 };
const response_inclusion = 'full';

export const TOOLS: readonly object[] = [
  {
    ...tool,
    type: 'custom',
    name: 'a',
    description: 'a',
    eager_input_streaming: false,
    input_examples: [{}],
    input_schema: { type: 'object', additionalProperties: false },
  },
  { name: 'b', input_schema: { type: 'object' } },
  {
    ...tool,
    type: 'advisor_20260301',
    name: 'advisor',
    model: 'a',
    caching: cache_control,
    max_tokens: 1,
    max_uses: 1,
  },
  { ...tool, type: 'computer_20241022', ...screen },
  { ...tool, type: 'computer_20250124', ...screen },
  { ...tool, type: 'computer_20251124', ...screen, enable_zoom: true },
  { type: 'browser_toolset_20260801', cache_control, configs: {} },
  { type: 'computer_toolset_20260801', cache_control, configs: {} },
  {
    type: 'mcp_toolset',
    mcp_server_name: 'a',
    cache_control,
    configs: {},
    default_config: { defer_loading: false, enabled: true },
    tools: [],
  },
  { ...tool, type: 'web_search_20250305', name: 'web_search', ...search },
  { ...tool, type: 'web_search_20260209', name: 'web_search', ...search },
  { ...tool, type: 'web_search_20260318', name: 'web_search', ...search, response_inclusion },
  { ...tool, type: 'web_fetch_20250910', name: 'web_fetch', ...fetched },
  { ...tool, type: 'web_fetch_20260209', name: 'web_fetch', ...fetched },
  { ...tool, type: 'web_fetch_20260309', name: 'web_fetch', ...fetched, use_cache: true },
  {
    ...tool,
    type: 'web_fetch_20260318',
    name: 'web_fetch',
    ...fetched,
    use_cache: true,
    response_inclusion,
  },
  ...[
    ['bash_20241022', 'bash'],
    ['bash_20250124', 'bash'],
    ['code_execution_20250522', 'code_execution'],
    ['code_execution_20250825', 'code_execution'],
    ['code_execution_20260120', 'code_execution'],
    ['code_execution_20260521', 'code_execution'],
    ['memory_20250818', 'memory'],
    ['text_editor_20241022', 'str_replace_editor'],
    ['text_editor_20250124', 'str_replace_editor'],
    ['text_editor_20250429', 'str_replace_based_edit_tool'],
    ['tool_search_tool_bm25', 'tool_search_tool_bm25'],
    ['tool_search_tool_bm25_20251119', 'tool_search_tool_bm25'],
    ['tool_search_tool_regex', 'tool_search_tool_regex'],
    ['tool_search_tool_regex_20251119', 'tool_search_tool_regex'],
  ].map(([type, name]) => ({ ...tool, type, name })),
  {
    ...tool,
    type: 'text_editor_20250728',
    name: 'str_replace_based_edit_tool',
    max_characters: 1,
  },
];

/** Names of all betas that the params need. */
export const BETAS = [
  'context-management-2025-06-27',
  'mcp-client-2025-11-20',
  'structured-outputs-2025-11-13',
] as const;

const format = { type: 'json_schema', schema: { type: 'object', additionalProperties: false } };
const output_config = {
  effort: 'high',
  format,
  task_budget: { type: 'tokens', total: 1, remaining: 1 },
};
const display = { display: 'omitted', block_binding: { prefix_mismatch_behavior: 'a' } };

/** Params besides `model`, `max_tokens` and `messages`; each is valid by itself. */
export const PARAM_VALUES: readonly Readonly<Record<string, unknown>>[] = [
  { billing_policy: { type: 'billing_policy', bill_to: 'self' } },
  { cache_control },
  { compaction: { type: 'summarize', instructions: 'a' } },
  { container: { id: 'a', skills: [{ type: 'custom', skill_id: 'a', version: 'a' }] } },
  { container: 'a' },
  {
    context_management: {
      edits: [
        { type: 'clear_thinking_20251015', keep: 'all' },
        {
          type: 'clear_tool_uses_20250919',
          clear_at_least: {},
          clear_tool_inputs: true,
          exclude_tools: ['a'],
          keep: {},
          trigger: {},
        },
        {
          type: 'compact_20260112',
          instructions: 'a',
          pause_after_compaction: true,
          trigger: {},
        },
      ],
    },
  },
  { diagnostics: { previous_message_id: 'a' } },
  { fallback_credit_token: 'a' },
  { fallback_credit_token: { token: 'a', mode: 'strict' } },
  { fallbacks: 'default' },
  {
    fallbacks: [
      { model: 'a', max_tokens: 1, output_config, speed: 'fast', thinking: { type: 'adaptive' } },
    ],
  },
  { inference_geo: 'us' },
  {
    mcp_servers: [
      {
        type: 'url',
        name: 'a',
        url: 'a',
        authorization_token: 'a',
        tool_configuration: { allowed_tools: ['a'], enabled: true },
      },
    ],
  },
  { metadata: { user_id: 'a' } },
  { output_config },
  { output_format: format },
  { service_tier: 'auto' },
  { speed: 'fast' },
  { stop_sequences: ['a'] },
  { stream: true },
  { system: [{ type: 'text', text: 'a', cache_control }] },
  { thinking: { type: 'adaptive', ...display } },
  { thinking: { type: 'disabled' } },
  { thread: { type: 'create' } },
  { tool_choice: { type: 'none' } },
];
