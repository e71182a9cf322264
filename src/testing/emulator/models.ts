import { type Answer, toErrorAnswer, toJsonAnswer } from '../model/answer.js';
import { toEmulatedError } from '../model/error.js';
import { EFFORTS, type ModelFacts } from '../model/model-facts.js';
import type { ModelTable } from '../model/model-table.js';

/** The models that an emulator lists. */
interface Listed {
  readonly table: ModelTable;
  /** Only these; undefined: all. */
  readonly models: readonly string[] | undefined;
}

/** `GET /v1/models`, a page at a time, and `GET /v1/models/{id or alias}`. */
export function answerModels(
  path: string,
  query: URLSearchParams,
  { table, models }: Listed,
  requestId: string,
): Answer {
  const id = decodeURIComponent(path.split('/')[3] ?? '');
  const rows = models?.map((name) => ({ ...table.find(name), id: name })) ?? table.rows;
  if (id === '') return answerPage(rows, query, requestId);
  const found = rows.find((row) => row.id === id || row.aliases?.includes(id));
  return found === undefined
    ? toErrorAnswer(toEmulatedError('not_found_error', `model: ${id}`), requestId)
    : toJsonAnswer(toModelInfo(found), requestId);
}

const MAX_LIMIT = 1000;

function answerPage(
  rows: readonly ModelFacts[],
  query: URLSearchParams,
  requestId: string,
): Answer {
  const limit = Number(query.get('limit') ?? 20);
  if (!Number.isInteger(limit)) return refuse('limit: Input should be a valid integer', requestId);
  if (limit < 1) return refuse('limit: Input should be greater than or equal to 1', requestId);
  if (limit > MAX_LIMIT) {
    return refuse(`limit: Input should be less than or equal to ${MAX_LIMIT}`, requestId);
  }
  const [name, cursor] = getCursor(query);
  const at = cursor === null ? -1 : rows.findIndex(({ id }) => id === cursor);
  if (cursor !== null && at < 0) {
    return refuse(`${name}: no model ${cursor} in the list`, requestId);
  }
  const isBackwards = name === 'before_id';
  const start = isBackwards ? Math.max(0, at - limit) : at + 1;
  const end = isBackwards ? at : start + limit;
  const page = rows.slice(start, end);
  return toJsonAnswer(
    {
      data: page.map(toModelInfo),
      has_more: isBackwards ? start > 0 : end < rows.length,
      first_id: page[0]?.id ?? null,
      last_id: page.at(-1)?.id ?? null,
    },
    requestId,
  );
}

function getCursor(query: URLSearchParams): [name: string, id: string | null] {
  const before = query.get('before_id');
  return before === null ? ['after_id', query.get('after_id')] : ['before_id', before];
}

function refuse(problem: string, requestId: string): Answer {
  return toErrorAnswer(toEmulatedError('invalid_request_error', problem), requestId);
}

/** An unknown date is the epoch, as in the API. */
const EPOCH = '1970-01-01';

const toTime = (day: string): string => `${day}T00:00:00Z`;

const support = (supported: boolean): { supported: boolean } => ({ supported });

function toModelInfo(facts: ModelFacts): object {
  const { id, released = EPOCH, deprecated, retires } = facts;
  return {
    type: 'model',
    id,
    display_name: toDisplayName(id),
    created_at: toTime(released),
    lifecycle: deprecated === undefined ? 'active' : 'deprecated',
    deprecated_at: deprecated === undefined ? null : toTime(deprecated),
    retires_at: retires === undefined ? null : toTime(retires),
    line: /haiku|sonnet|opus|fable|mythos/.exec(id)?.[0] ?? null,
    max_input_tokens: facts.maxInputTokens,
    max_tokens: facts.maxTokens,
    capabilities: toCapabilities(facts),
  };
}

function toCapabilities({ thinking, effort }: ModelFacts): object {
  const yes = support(true);
  const hasAdaptive = thinking.includes('adaptive');
  return {
    batch: yes,
    citations: yes,
    code_execution: yes,
    context_management: {
      supported: true,
      clear_thinking_20251015: support(thinking.length > 0),
      clear_tool_uses_20250919: yes,
      compact_20260112: support(hasAdaptive),
    },
    effort: {
      supported: effort.length > 0,
      ...Object.fromEntries(EFFORTS.map((level) => [level, support(effort.includes(level))])),
    },
    image_input: yes,
    pdf_input: yes,
    server_tools: { supported: true, code_execution: yes, web_search: yes },
    structured_outputs: yes,
    thinking: {
      supported: thinking.length > 0,
      types: {
        adaptive: support(hasAdaptive),
        between_tools: support(thinking.includes('between_tools')),
        disabled: support(thinking.includes('disabled')),
        enabled: support(thinking.includes('enabled')),
      },
    },
  };
}

/** @returns `claude-opus-4-5-20251101` as `Claude Opus 4.5`. */
function toDisplayName(id: string): string {
  const words = id
    .replace(/-\d{8}$/, '')
    .replace(/(\d)-(\d)/g, '$1.$2')
    .split('-');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}
