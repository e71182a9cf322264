'use client';
import { useChat } from 'millrace/react';

export default function Page() {
  const { messages, status, send } = useChat({ api: '/chat' });
  return (
    <>
      <button type="button" onClick={() => send('Tell me a story')}>
        Send
      </button>
      <output data-status={status}>{JSON.stringify(messages.at(-1)?.content ?? '')}</output>
    </>
  );
}
