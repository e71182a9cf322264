import type { ToolResultBlockParam, ToolUseBlock } from 'millrace';
import type { ChatCall, UseChat } from 'millrace/react';

type ToolCallProps = Partial<Omit<ChatCall, 'toolUse' | 'result'>> & {
  toolUse: Pick<ToolUseBlock, 'name' | 'input'>;
  result: ToolResultBlockParam | undefined;
  decide: UseChat['decide'];
};

/** A call with its input, and its result or what you decide about it. */
export function ToolCall({ toolUse, state, approvalId, result, decide }: ToolCallProps) {
  const isAsked = state === 'asked' && approvalId !== undefined;
  const label = isAsked ? 'Asks to run' : result === undefined ? 'Running' : 'Ran';
  return (
    <section className="call" data-failed={result?.is_error}>
      <p>
        {result?.is_error ? "Didn't run" : label}{' '}
        <strong>{toolUse.name.replaceAll('_', ' ')}</strong>
      </p>
      <dl>
        {Object.entries(toolUse.input ?? {}).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
      <div className="outcome">
        {isAsked ? (
          <>
            <button type="button" onClick={() => decide(approvalId, true)}>
              Approve
            </button>
            <button type="button" onClick={() => decide(approvalId, false)}>
              Deny
            </button>
          </>
        ) : (
          <output>{result === undefined ? '…' : toText(result.content)}</output>
        )}
      </div>
    </section>
  );
}

function toText(content: ToolResultBlockParam['content'] = ''): string {
  if (typeof content === 'string') return content;
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}
