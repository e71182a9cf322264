import type { MessageParam } from 'millrace';
import { useChat } from 'millrace/react';
import type { FormEvent } from 'react';

export function Chat() {
  const { messages, status, error, send, stop } = useChat({ api: '/chat' });
  const isBusy = status === 'submitted' || status === 'streaming';

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    void send(String(new FormData(form).get('question')));
    form.reset();
  };

  return (
    <>
      <main>
        {messages.map((turn, n) => (
          <p key={n} data-who={turn.role === 'user' ? 'You' : 'Claude'}>
            {textOf(turn)}
          </p>
        ))}
      </main>
      <p role="alert">{error?.message}</p>
      <form onSubmit={submit}>
        <input name="question" aria-label="Question" autoComplete="off" required />
        <button type="submit" disabled={isBusy}>
          Send
        </button>
        <button type="button" disabled={!isBusy} onClick={stop}>
          Stop
        </button>
      </form>
    </>
  );
}

function textOf({ content }: MessageParam): string {
  if (typeof content === 'string') return content;
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}
