export const TEXT: string = 'One fish, two fish, red fish, blue fish. '.repeat(8);

export const PARAMS = {
  model: 'claude-opus-4-8',
  max_tokens: 1000,
  messages: [{ role: 'user' as const, content: 'Hi' }],
};
