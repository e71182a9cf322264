import { Anthropic } from 'millrace';

export async function POST(request) {
  const { messages } = await request.json();
  return new Anthropic().messages
    .stream({ model: 'claude-opus-4-8', max_tokens: 1024, messages })
    .toResponse();
}
