import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';

/** Betas that params need, by the option. */
const OF_OPTIONS: Readonly<Record<string, (value: never) => readonly string[]>> = {
  mcpServers: () => ['mcp-client-2025-04-04'],
  safeguards: () => ['dangerous-tool-use-2026-09-03'],
  compaction: () => ['compact-2026-09-04'],
  contextManagement: ({ edits = [] }: { edits?: { type: string }[] }) => [
    'context-management-2025-06-27',
    ...(edits.some(({ type }) => type === 'compact_20260112') ? ['compact-2026-01-12'] : []),
  ],
  container: ({ skills = [] }: { skills?: unknown[] }) =>
    skills.length === 0
      ? []
      : ['code-execution-2025-08-25', 'skills-2025-10-02', 'files-api-2025-04-14'],
  taskBudget: () => ['task-budgets-2026-03-13'],
  speed: (speed: unknown) => (speed === 'fast' ? ['fast-mode-2026-02-01'] : []),
  fallbacks: (fallbacks: unknown) => [
    `server-side-fallback-2026-0${fallbacks === 'default' ? 7 : 6}-01`,
  ],
};

/** Betas that server tools need, by the tool. */
const OF_TOOLS: readonly [tool: RegExp, beta: string][] = [
  [/code_execution_20250522$/, 'code-execution-2025-05-22'],
  [/code_execution_20250825$/, 'code-execution-2025-08-25'],
  [/(computer|text_editor|bash)_20250124$/, 'computer-use-2025-01-24'],
  [/computer_20251124$/, 'computer-use-2025-11-24'],
  [/_20241022$/, 'computer-use-2024-10-22'],
  [/memory_20250818$/, 'context-management-2025-06-27'],
  [/web_fetch_20250910$/, 'web-fetch-2025-09-10'],
  [/web_(fetch|search)_20260209$/, 'code-execution-web-tools-2026-02-09'],
  [/advisor_20260301$/, 'advisor-tool-2026-03-01'],
];

/** The betas of a call: those that the program names, and those that its params, tools and files need. */
export function betasOf(
  own: Record<string, unknown>,
  { tools = [], prompt }: LanguageModelV4CallOptions,
): string[] {
  const named = Array.isArray(own.anthropicBeta) ? (own.anthropicBeta as string[]) : [];
  const ofOptions = Object.entries(OF_OPTIONS).flatMap(([name, betas]) => {
    const value = own[name];
    const isThere = value !== undefined && value !== null && !isEmpty(value);
    return isThere ? betas(value as never) : [];
  });
  const ids = tools.flatMap((tool) => (tool.type === 'provider' ? [tool.id] : []));
  const ofTools = OF_TOOLS.filter(([tool]) => ids.some((id) => tool.test(id))).map(
    ([, beta]) => beta,
  );
  const hasFile = prompt.some(
    ({ content }) => typeof content !== 'string' && content.some((part) => isReference(part)),
  );
  const hasTurn = prompt.some(
    ({ role }, n) => role === 'system' && prompt[n - 1]?.role !== 'system' && n > 0,
  );
  return [
    ...new Set([
      ...named,
      ...ofOptions,
      ...ofTools,
      ...(hasFile ? ['files-api-2025-04-14'] : []),
      ...(hasTurn ? ['mid-conversation-system-2026-04-07'] : []),
    ]),
  ];
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function isReference(part: object): boolean {
  const { data } = part as { data?: { type?: string } };
  return data?.type === 'reference';
}
