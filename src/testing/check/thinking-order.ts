import type { EmulatorParams } from '../model/request.js';
import { first, problem, type Rule } from './rules.js';
import { joinTurns, type Message, type Turn } from './turns.js';

const THINKING = new Set(['thinking', 'redacted_thinking']);

/** An assistant turn ends in what it thought about. */
export const finalThinking: Rule = (value, path) =>
  first(joinTurns(value as readonly Message[], path), ({ role, blocks, path: place }) =>
    role === 'assistant' && THINKING.has(blocks.at(-1)?.block.type ?? '')
      ? problem(place, 'The final block in an assistant message cannot be `thinking`.')
      : undefined,
  );

/**
 * With a thinking budget, the turn that calls tools starts with its thinking as long as the tools are
 * being answered. Adaptive thinking has no such rule.
 */
export function checkThinkingStart({ thinking, messages }: EmulatorParams): string | undefined {
  if (thinking?.type !== 'enabled') return undefined;
  const start = findToolLoop(joinTurns(messages as readonly Message[], 'messages'))?.blocks[0];
  return start === undefined || THINKING.has(start.block.type)
    ? undefined
    : problem(
        `${start.path}.type`,
        `Expected \`thinking\` or \`redacted_thinking\`, but found \`${start.block.type}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block (preceeding the lastmost set of \`tool_use\` and \`tool_result\` blocks). We recommend you include thinking blocks from previous turns. To avoid this requirement, disable \`thinking\`. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking`,
      );
}

/** The assistant turn that began the calls which the last turn answers. */
function findToolLoop(turns: readonly Turn[]): Turn | undefined {
  let loop: Turn | undefined;
  let at = turns.length - 1;
  const isAnswer = ({ blocks }: Turn): boolean =>
    blocks.some(({ block }) => block.type === 'tool_result');
  for (; at > 0; at--) {
    const turn = turns[at] as Turn;
    if (turn.role === 'user' && !isAnswer(turn)) break;
    if (turn.role === 'assistant') loop = turn;
  }
  return turns.at(-1)?.role === 'user' ? loop : undefined;
}
