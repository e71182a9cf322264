import type { MessageParam } from 'millrace';
import { useLayoutEffect, useRef } from 'react';
import { Composer } from './composer.js';
import { Markdown } from './markdown.js';
import { ToolCall } from './tool-call.js';
import { type SharedChat, useSharedChat } from './use-shared-chat.js';

const SUGGESTIONS = [
  'Plan a calm day in Lisbon',
  'Do I need an umbrella in Oslo?',
  'Remind me to take an umbrella at 8',
  'Fail once, so that I can retry',
];

export function Chat({ id }: { id: string }) {
  const chat = useSharedChat(id);
  const { messages, status, isLoaded, error, send, stop } = chat;
  const isBusy = status === 'submitted' || status === 'streaming';
  useStickToEnd(messages);
  return (
    <>
      <main aria-busy={isBusy} data-status={isLoaded ? status : 'loading'}>
        <div role="log">
          {isLoaded && messages.length === 0 && <Welcome send={send} />}
          <Transcript {...chat} />
          {status === 'submitted' && <p className="waiting">Thinking</p>}
          {error !== undefined && (
            <p role="alert">
              <span>The answer was interrupted. {error.message}</span>
              <button type="button" onClick={chat.retry}>
                Retry
              </button>
            </p>
          )}
          <p className="actions">
            {isLoaded && !isBusy && error === undefined && messages.length > 0 && (
              <button type="button" onClick={chat.regenerate}>
                Regenerate
              </button>
            )}
          </p>
        </div>
      </main>
      <Composer isLoaded={isLoaded} isBusy={isBusy} send={send} stop={stop} />
    </>
  );
}

function Welcome({ send }: { send: (text: string) => unknown }) {
  return (
    <section className="welcome">
      <h2>What can I do for you?</h2>
      {SUGGESTIONS.map((text) => (
        <button type="button" key={text} onClick={() => send(text)}>
          {text}
        </button>
      ))}
    </section>
  );
}

/** Questions, answers and calls. The results of calls are shown with them. */
function Transcript({ messages, calls, decide }: SharedChat) {
  const blocks = messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
  const results = new Map(
    blocks.flatMap((block) => (block.type === 'tool_result' ? [[block.tool_use_id, block]] : [])),
  );
  return messages.map(({ role, content }, turn) =>
    toBlocks(content).map((block, n) => {
      const key = `${turn}-${n}`;
      if (block.type === 'text' && role === 'user') {
        return (
          <p key={key} className="question">
            {block.text}
          </p>
        );
      }
      if (block.type === 'text') return <Markdown key={key} text={block.text} />;
      if (block.type !== 'tool_use') return null;
      const call = { result: results.get(block.id), ...calls[block.id] };
      return <ToolCall key={key} {...call} toolUse={block} decide={decide} />;
    }),
  );
}

function toBlocks(content: MessageParam['content']) {
  return typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content;
}

/** Scrolls with what is written, unless the reader has scrolled up. */
function useStickToEnd(changed: unknown): void {
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    const look = (): void => {
      isAtEnd.current = document.body.scrollHeight - scrollY - innerHeight < 60;
    };
    addEventListener('scroll', look, { passive: true });
    return () => removeEventListener('scroll', look);
  }, []);
  useLayoutEffect(() => {
    if (changed !== undefined && isAtEnd.current) scrollTo(0, document.body.scrollHeight);
  }, [changed]);
}
