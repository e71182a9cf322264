/* What answers without a key: the emulator, with a few replies that show what the page can do. */
import { Anthropic } from 'millrace';
import { createEmulator, reply } from 'millrace/testing';

const PLAN = `A good day has **one plan** and room around it.

### Morning
1. Walk up to the *Miradouro da Graça* before the crowds.
2. Have coffee and a pastel de nata, standing at the bar.

### Afternoon
- Take tram 28 in the quiet hour after lunch.
- Visit the tile museum: an hour is enough.

Keep the evening free. If you like lists, here is the day as data:

\`\`\`json
{ "city": "Lisbon", "stops": 4, "rush": false }
\`\`\`

It is a short way from stop to stop, see the [map](https://www.openstreetmap.org/).`;

const TEXT = `I am the emulator of millrace, so I know only a few lines. Ask me about the **weather**, for a **reminder**, \
to **plan** a day, or to **fail**.

Reload the page while I write, or open it in a second tab: the answer goes on.`;

const call = (text, name, input) => reply.sequence(reply.text(text), reply.toolUse(name, input));
let failures = 0;

const REPLIES = [
  [/weather|umbrella/i, () => call('Let me look.', 'get_weather', { city: 'Oslo' })],
  [
    /remind/i,
    () => call('I can do that.', 'set_reminder', { what: 'take an umbrella', at: '08:00' }),
  ],
  [/plan|day/i, () => reply.text(PLAN)],
  [
    /fail|error/i,
    () =>
      failures++ % 2 === 0
        ? reply.sequence(reply.text('This answer will not get'), reply.error('overloaded_error'))
        : reply.text(
            'This time it worked: nothing that was received is lost, and a retry is one click.',
          ),
  ],
  [/./s, () => reply.text(TEXT)],
];

export function createDemoClient() {
  const emulator = createEmulator({
    replies: answer,
    pace: { firstToken: 400, tokensPerSecond: 40 },
  });
  return new Anthropic({ apiKey: 'demo', fetch: emulator.fetch });
}

function answer({ body }) {
  const { content } = body.messages.at(-1);
  const results = Array.isArray(content)
    ? content.filter(({ type }) => type === 'tool_result')
    : [];
  if (results.length > 0) return reply.text(comment(results[0]));
  const text =
    typeof content === 'string' ? content : content.map(({ text = '' }) => text).join('');
  return REPLIES.find(([asked]) => asked.test(text))?.[1]() ?? reply.text(TEXT);
}

function comment({ content, is_error: isError }) {
  if (isError) return 'All right, I leave it. Is there anything else I can do?';
  const said = typeof content === 'string' ? content : content.map(({ text }) => text).join('');
  return `Done. **${said}**`;
}
