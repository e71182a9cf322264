import type { UntypedBlock, UntypedDelta } from './untyped.js';

/**
 * What each kind of delta and block is, once. Accumulation, merging, `toEvents`, backlogs, listeners, the
 * fast parse path, the packing across threads and the emulator's events derive from these rows: a new kind
 * needs its types in src/wire, its row here and a line in the docs.
 */

/**
 * How a delta changes its block:
 * - `append`: its string follows the text so far;
 * - `json`: its string follows the JSON so far, whose value the block shows;
 * - `push`: its value is added to the list so far;
 * - `replace`: its value takes the place of the one before.
 */
export type Join = 'append' | 'json' | 'push' | 'replace';

export interface DeltaKind {
  type: string;
  /** The delta's field. */
  brings: string;
  /** The block's field. */
  fills: string;
  join: Join;
  /** The listener that is notified; it gets the delta's value, and what the block has so far. */
  listener?: string;
  /** The only type of block in which the listener hears it. */
  within?: string;
  /** For `replace`: whether null is a value too. */
  isNullable?: true;
  /** For `replace`: more fields of the delta that replace the block's, where they are present. */
  also?: readonly string[];
}

/** A kind whose deltas carry one string that is added to the ones before: nearly all events are such deltas. */
export interface StringDeltaKind extends DeltaKind {
  join: 'append' | 'json';
  /** The delta again. */
  make: (value: string) => UntypedDelta;
}

/** In the order in which `toEvents` writes the deltas of a block. */
export const DELTA_ROWS = [
  {
    type: 'thinking_delta',
    brings: 'thinking',
    fills: 'thinking',
    join: 'append',
    listener: 'thinking',
  },
  {
    type: 'signature_delta',
    brings: 'signature',
    fills: 'signature',
    join: 'replace',
    listener: 'signature',
  },
  {
    type: 'text_delta',
    brings: 'text',
    fills: 'text',
    join: 'append',
    listener: 'text',
    within: 'text',
  },
  {
    type: 'citations_delta',
    brings: 'citation',
    fills: 'citations',
    join: 'push',
    listener: 'citation',
  },
  {
    type: 'input_json_delta',
    brings: 'partial_json',
    fills: 'input',
    join: 'json',
    listener: 'inputJson',
  },
  {
    type: 'compaction_delta',
    brings: 'content',
    fills: 'content',
    join: 'replace',
    isNullable: true,
    also: ['encrypted_content'],
  },
] as const;

/** By type. */
export const DELTAS: ReadonlyMap<string, DeltaKind> = /* @__PURE__ */ new Map(
  DELTA_ROWS.map((row) => [row.type, row]),
);

type StringRow = Extract<(typeof DELTA_ROWS)[number], { join: StringDeltaKind['join'] }>;

/** Written out: an object with a computed key costs several times more. Apart: few entries make deltas. */
const MAKE: Readonly<Record<StringRow['type'], StringDeltaKind['make']>> = {
  thinking_delta: (thinking) => ({ type: 'thinking_delta', thinking }),
  text_delta: (text) => ({ type: 'text_delta', text }),
  input_json_delta: (partial_json) => ({ type: 'input_json_delta', partial_json }),
};

/** Those of one string each, by type. */
export const STRING_DELTAS: ReadonlyMap<string, StringDeltaKind> = /* @__PURE__ */ new Map(
  Object.entries(MAKE).map(([type, make]) => [type, { ...(DELTAS.get(type) as StringRow), make }]),
);

export interface BlockKind {
  /** The types of the deltas that fill it. */
  deltas: readonly string[];
  /** The model's reasoning: no part of the answer, and bound to it by a signature. */
  isThinking?: true;
  /** A call of a tool that the API runs: a turn must not end in it before its result. */
  isServerTool?: true;
  /** What the API refuses without a value in this field that is more than white space. */
  needs?: string;
}

/** By type; a block of any other type comes whole, in its start. */
export const BLOCKS: ReadonlyMap<string, BlockKind> = /* @__PURE__ */ new Map<string, BlockKind>([
  ['text', { deltas: ['text_delta', 'citations_delta'], needs: 'text' }],
  [
    'thinking',
    { deltas: ['thinking_delta', 'signature_delta'], isThinking: true, needs: 'signature' },
  ],
  ['redacted_thinking', { deltas: [], isThinking: true }],
  ['tool_use', { deltas: ['input_json_delta'] }],
  ['server_tool_use', { deltas: ['input_json_delta'], isServerTool: true }],
  ['mcp_tool_use', { deltas: ['input_json_delta'], isServerTool: true }],
  ['compaction', { deltas: ['compaction_delta'] }],
]);

export function isThinking(block: UntypedBlock | undefined): boolean {
  return BLOCKS.get(block?.type ?? '')?.isThinking === true;
}

export function isServerTool(block: UntypedBlock | undefined): boolean {
  return BLOCKS.get(block?.type ?? '')?.isServerTool === true;
}
