import { mayPrefill } from '../../message/may-prefill.js';
import type { ModelFacts, MoreModelFacts } from './model-facts.js';
import { MODEL_ROWS, NEWEST } from './model-rows.js';

/** The models that an emulator knows. */
export interface ModelTable {
  /** The newest models first. */
  readonly rows: readonly ModelFacts[];
  /** The facts of a model by its id or an alias; those of the newest models if it is unknown. */
  find(name: string): ModelFacts;
  /** Whether the name is one of the table, or could be that of a model newer than the table. */
  isPlausible(name: string): boolean;
}

/** @throws TypeError for a row without an id. */
export function createModelTable(more: readonly MoreModelFacts[] = []): ModelTable {
  const added = more.map((row) => ({ ...NEWEST, source: 'modelFacts', ...check(row) }));
  const rows = [...added, ...MODEL_ROWS.filter(({ id }) => !added.some((row) => row.id === id))];
  const byName = new Map<string, ModelFacts>();
  for (const row of rows.toReversed()) {
    for (const name of [row.id, ...(row.aliases ?? [])]) byName.set(name, row);
  }
  return {
    rows,
    find: (name) => byName.get(toApiName(name)) ?? toNewest(name),
    isPlausible: (name) => byName.has(toApiName(name)) || !isMisspelled(name),
  };
}

/** Clouds put a region or a vendor before the name, and a version behind it. */
function toApiName(name: string): string {
  return /claude-[a-z0-9-]+/.exec(name)?.[0].replace(/-v\d+$/, '') ?? name;
}

/** `claude-opus-9`, `claude-9-opus-latest`, `claude-mythos-preview`; or one made-up word: `claude-test`. */
const PLAUSIBLE =
  /^claude-((haiku|sonnet|opus|fable|mythos)-(\d|preview|latest)|\d[\d-]*-(haiku|sonnet|opus|fable|mythos)|instant|\d|[a-z]*$)/;

/** As the newest models; a name without a version may be that of one which takes prefill. */
function toNewest(id: string): ModelFacts {
  return { ...NEWEST, id, prefill: mayPrefill(id) };
}

/** Names of other vendors pass: a gateway may serve any. */
function isMisspelled(name: string): boolean {
  return name.startsWith('claude-') && !PLAUSIBLE.test(name);
}

function check(row: MoreModelFacts): MoreModelFacts {
  if (typeof row?.id === 'string' && row.id !== '') return row;
  throw new TypeError(
    `modelFacts: a model needs an id, such as { id: 'claude-new-1', maxTokens: 64_000 }, but one is ${JSON.stringify(row)}`,
  );
}
