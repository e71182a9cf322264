import { useChat } from 'millrace/react';
import { createElement, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

function Chat() {
  const { messages, status, send } = useChat({ api: '/chat' });
  const said = JSON.stringify(messages.at(-1)?.content ?? '');
  return [
    createElement(
      'button',
      { key: 1, type: 'button', onClick: () => send('Tell me a story') },
      'Send',
    ),
    createElement('output', { key: 2, 'data-status': status }, said),
  ];
}

createRoot(document.getElementById('root')).render(
  createElement(StrictMode, null, createElement(Chat)),
);
