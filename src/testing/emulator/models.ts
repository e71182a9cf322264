import { type Answer, toErrorAnswer, toJsonAnswer } from '../model/answer.js';
import { toEmulatedError } from '../model/error.js';
import { EFFORTS, type ModelFacts } from '../model/model-facts.js';
import type { ModelTable } from '../model/model-table.js';
import { answerPage } from './page.js';

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
  if (id === '') return answerPage(inStage(rows, query), toModelInfo, query, requestId);
  const found = rows.find((row) => row.id === id || row.aliases?.includes(id));
  return found === undefined
    ? toErrorAnswer(toEmulatedError('not_found_error', `model: ${id}`), requestId)
    : toJsonAnswer(toModelInfo(found), requestId);
}

/** `lifecycle[]` of the query; no row is of a retired model. */
function inStage(rows: readonly ModelFacts[], query: URLSearchParams): readonly ModelFacts[] {
  const wanted = query.getAll('lifecycle[]');
  return wanted.length === 0 ? rows : rows.filter((row) => wanted.includes(toLifecycle(row)));
}

function toLifecycle({ deprecated }: ModelFacts): string {
  return deprecated === undefined ? 'active' : 'deprecated';
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
    lifecycle: toLifecycle(facts),
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
