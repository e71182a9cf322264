import { type Message, type MessageParam, toMessageParam } from 'millrace';
import { type FormEvent, useState } from 'react';
import { useMessageStream } from './use-message-stream.js';

export function Chat() {
  const [messages, setMessages] = useState<MessageParam[]>([]);
  const { message, isStreaming, error, ask, stop } = useMessageStream();

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const content = String(new FormData(form).get('question'));
    form.reset();
    const asked: MessageParam[] = [...messages, { role: 'user', content }];
    setMessages(asked);
    const body = JSON.stringify({ messages: asked });
    const said = await ask((signal) => fetch('/chat', { method: 'POST', body, signal }));
    // What was cut short was said all the same.
    const turn = said && toMessageParam(said);
    if (turn?.content.length) setMessages([...asked, turn]);
  };

  return (
    <>
      <main>
        {messages.map((turn, n) => (
          <p key={n} data-who={turn.role === 'user' ? 'You' : 'Claude'}>
            {typeof turn.content === 'string' ? turn.content : textOf(turn)}
          </p>
        ))}
        {isStreaming && <p data-who="Claude">{message && textOf(message)}</p>}
      </main>
      <p role="alert">{error instanceof Error && error.message}</p>
      <form onSubmit={submit}>
        <input name="question" aria-label="Question" autoComplete="off" required />
        <button type="submit" disabled={isStreaming}>
          Send
        </button>
        <button type="button" disabled={!isStreaming} onClick={stop}>
          Stop
        </button>
      </form>
    </>
  );
}

function textOf({ content }: Message | MessageParam): string {
  const blocks = typeof content === 'string' ? [] : content;
  return blocks.map((block) => (block.type === 'text' ? block.text : '')).join('');
}
