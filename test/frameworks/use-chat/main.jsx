/* A page of the AI SDK: it knows nothing of millrace. */
import { useChat } from '@ai-sdk/react';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';

const post = (path, body = {}) =>
  fetch(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

function Part({ part }) {
  if (part.type === 'text') return <p>{part.text}</p>;
  if (part.type === 'reasoning')
    return (
      <p>
        <em>{part.text}</em>
      </p>
    );
  if (!part.type.startsWith('tool-')) return null;
  const decide = (verdict) => post('/api/decide', { id: part.approval.id, verdict });
  return (
    <div className="call" data-state={part.state}>
      <code>
        {part.type.slice(5)} {JSON.stringify(part.input)}
      </code>
      {part.state === 'approval-requested' && (
        <p>
          <button type="button" onClick={() => decide(true)}>
            Allow
          </button>{' '}
          <button type="button" onClick={() => decide(false)}>
            Deny
          </button>
        </p>
      )}
      {part.output !== undefined && <p>{String(part.output)}</p>}
      {part.state === 'output-denied' && <p>Denied</p>}
    </div>
  );
}

function Chat() {
  const { messages, sendMessage, status, error, stop } = useChat({ id: 'one', resume: true });
  const [text, setText] = useState('');
  const isBusy = status === 'submitted' || status === 'streaming';
  const submit = (event) => {
    event.preventDefault();
    sendMessage({ text });
    setText('');
  };
  return (
    <main data-status={status}>
      {messages.map(({ id, role, parts }) => (
        <section key={id} data-role={role}>
          {parts.map((part, n) => (
            <Part key={n} part={part} />
          ))}
        </section>
      ))}
      <p role="alert">{error?.message}</p>
      <form onSubmit={submit}>
        <input
          aria-label="Question"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" disabled={isBusy}>
          Send
        </button>
        <button
          type="button"
          disabled={!isBusy}
          onClick={() => {
            stop();
            post('/api/stop');
          }}
        >
          Stop
        </button>
      </form>
    </main>
  );
}

createRoot(document.getElementById('root')).render(<Chat />);
