import DefaultTheme from 'vitepress/theme';
import { h } from 'vue';
import './style.css';

const KEYWORDS = /\b(?:import|from|const|new|await|for|of)\b/;
const TOKENS = new RegExp(`('[^']*'|//.*|${KEYWORDS.source})`);

/** Coloured without a highlighter, which would be loaded for ten lines. */
function coloured(code) {
  return code.split(TOKENS).map((part) => {
    if (part.startsWith("'")) return h('span', { class: 'string' }, part);
    if (part.startsWith('//')) return h('span', { class: 'comment' }, part);
    return TOKENS.test(part) ? h('span', { class: 'keyword' }, part) : part;
  });
}

const CODE = `import { Anthropic } from 'millrace';

const client = new Anthropic();
const stream = client.messages.stream({
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Hello' }],
}, { recover: true });

for await (const text of stream.textStream) {
  process.stdout.write(text);
}
// Complete, or an error with all that was received.`;

const HeroCode = () =>
  h('div', { class: 'hero-code' }, [
    h('pre', { class: 'install' }, h('code', 'npm install millrace')),
    h('pre', h('code', coloured(CODE))),
  ]);

export default {
  extends: DefaultTheme,
  Layout: () => h(DefaultTheme.Layout, null, { 'home-hero-image': HeroCode }),
};
