import type { Effort, ModelFacts } from './model-facts.js';

const MILLION = 1_000_000;
const DOCS = 'platform.claude.com/docs/en/models/overview, /build-with-claude/thinking and /effort';
const OLD_DOCS = 'docs.claude.com/en/docs/about-claude/models/overview';
const date = '2026-11-28';

const ALL: readonly Effort[] = ['low', 'medium', 'high', 'xhigh', 'max'];

/** From Claude Opus 4.7 on. */
const FIFTH = {
  maxInputTokens: MILLION,
  maxTokens: 128_000,
  thinking: ['adaptive'],
  effort: ALL,
  sampling: 'none',
  prefill: false,
  systemTurns: true,
  source: DOCS,
  date,
} as const;

const OPTIONAL = { ...FIFTH, thinking: ['adaptive', 'disabled'] } as const;

/** Claude 4.6: adaptive thinking is new, a budget still works. */
const SIXTH_MINOR = {
  ...FIFTH,
  thinking: ['adaptive', 'disabled', 'enabled'],
  effort: ['low', 'medium', 'high', 'max'],
  sampling: 'one',
  systemTurns: false,
} as const;

/** Claude 4.5 and 4.1. */
const BUDGET = {
  maxInputTokens: 200_000,
  maxTokens: 64_000,
  thinking: ['disabled', 'enabled'],
  effort: [],
  sampling: 'one',
  prefill: true,
  systemTurns: false,
  source: DOCS,
  date,
} as const;

const FOUR = { ...BUDGET, sampling: 'any', source: OLD_DOCS } as const;
const THREE = { ...FOUR, thinking: [], maxTokens: 8192 } as const;

/** What holds for a model that isn't in the table. */
export const NEWEST: Omit<ModelFacts, 'id'> = {
  ...FIFTH,
  thinking: ['adaptive', 'between_tools', 'disabled'],
};

/** Every model, the newest first. A row's source and date say when it was last compared with the docs. */
export const MODEL_ROWS: readonly ModelFacts[] = [
  { id: 'claude-fable-5-2', ...FIFTH },
  { id: 'claude-mythos-5-2', ...FIFTH },
  { id: 'claude-haiku-5-5', ...OPTIONAL, released: '2026-10-07' },
  {
    id: 'claude-sonnet-5-5',
    ...FIFTH,
    thinking: ['adaptive', 'between_tools'],
    released: '2026-09-28',
  },
  { id: 'claude-opus-5-5', ...FIFTH, released: '2026-09-22' },
  { id: 'claude-fable-5-1', ...FIFTH },
  { id: 'claude-mythos-5-1', ...FIFTH },
  { id: 'claude-sonnet-5', ...OPTIONAL },
  { id: 'claude-opus-5', ...OPTIONAL, released: '2026-07-24' },
  { id: 'claude-fable-5', ...FIFTH, released: '2026-06-09' },
  { id: 'claude-mythos-5', ...FIFTH, released: '2026-06-09' },
  { id: 'claude-opus-4-8', ...OPTIONAL, released: '2026-05-28' },
  { id: 'claude-opus-4-7', ...OPTIONAL, systemTurns: false },
  { id: 'claude-mythos-preview', ...FIFTH },
  { id: 'claude-sonnet-4-6', ...SIXTH_MINOR },
  { id: 'claude-opus-4-6', ...SIXTH_MINOR },
  {
    id: 'claude-opus-4-5-20251101',
    aliases: ['claude-opus-4-5'],
    ...BUDGET,
    effort: ['low', 'medium', 'high'],
    released: '2025-11-24',
  },
  {
    id: 'claude-haiku-4-5-20251001',
    aliases: ['claude-haiku-4-5'],
    ...BUDGET,
    released: '2025-10-15',
  },
  {
    id: 'claude-sonnet-4-5-20250929',
    aliases: ['claude-sonnet-4-5'],
    ...BUDGET,
    released: '2025-09-29',
  },
  {
    id: 'claude-opus-4-1-20250805',
    aliases: ['claude-opus-4-1'],
    ...BUDGET,
    maxTokens: 32_000,
    released: '2025-08-05',
  },
  {
    id: 'claude-opus-4-20250514',
    aliases: ['claude-opus-4-0'],
    ...FOUR,
    maxTokens: 32_000,
    released: '2025-05-22',
  },
  {
    id: 'claude-sonnet-4-20250514',
    aliases: ['claude-sonnet-4-0'],
    ...FOUR,
    released: '2025-05-22',
  },
  {
    id: 'claude-3-7-sonnet-20250219',
    aliases: ['claude-3-7-sonnet-latest'],
    ...FOUR,
    released: '2025-02-24',
  },
  {
    id: 'claude-3-5-sonnet-20241022',
    aliases: ['claude-3-5-sonnet-latest', 'claude-3-5-sonnet-20240620'],
    ...THREE,
    released: '2024-10-22',
  },
  {
    id: 'claude-3-5-haiku-20241022',
    aliases: ['claude-3-5-haiku-latest'],
    ...THREE,
    released: '2024-10-22',
  },
  {
    id: 'claude-3-opus-20240229',
    aliases: ['claude-3-opus-latest'],
    ...THREE,
    maxTokens: 4096,
    released: '2024-02-29',
  },
  { id: 'claude-3-haiku-20240307', ...THREE, maxTokens: 4096, released: '2024-03-07' },
];
