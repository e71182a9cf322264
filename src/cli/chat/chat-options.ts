import { DISPLAY, GENERATION, HELP, NETWORK, PROMPT, RECORD } from '../options/options.js';

/** The options of `millrace chat`. */
export const CHAT_OPTIONS = {
  Prompt: PROMPT,
  Chat: {
    continue: { type: 'flag', short: 'c', help: 'continue the latest chat' },
    'no-history': { type: 'flag', help: "don't keep this chat" },
  },
  Generation: GENERATION,
  Output: { ...DISPLAY, ...RECORD },
  Network: NETWORK,
  Other: HELP,
} as const;
