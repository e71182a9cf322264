import { ChatAnthropic } from '@langchain/anthropic';
import { HumanMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { END, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { z } from 'zod';

const model = ({ baseURL, apiKey }) =>
  new ChatAnthropic({
    model: 'claude-opus-4-8',
    maxTokens: 1024,
    anthropicApiUrl: baseURL,
    apiKey,
  });

const weather = tool(async () => 'rain', {
  name: 'weather',
  description: 'The weather',
  schema: z.object({ city: z.string() }),
});

export const clients = {
  LangChain: {
    of: '@langchain/anthropic',
    async text({ prompt, ...server }) {
      let text = '';
      for await (const chunk of await model(server).stream(prompt)) text += chunk.text;
      return text;
    },
    async call({ prompt, ...server }) {
      let whole;
      for await (const chunk of await model(server).bindTools([weather]).stream(prompt)) {
        whole = whole === undefined ? chunk : whole.concat(chunk);
      }
      return whole.tool_calls[0]?.args;
    },
  },
  LangGraph: {
    of: '@langchain/langgraph',
    async text({ prompt, ...server }) {
      const answer = async ({ messages }) => ({ messages: [await model(server).invoke(messages)] });
      const graph = new StateGraph(MessagesAnnotation)
        .addNode('answer', answer)
        .addEdge(START, 'answer')
        .addEdge('answer', END)
        .compile();
      let text = '';
      const input = { messages: [new HumanMessage(prompt)] };
      for await (const [chunk] of await graph.stream(input, { streamMode: 'messages' })) {
        text += chunk.text;
      }
      return text;
    },
  },
};
