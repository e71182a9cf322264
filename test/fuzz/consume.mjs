// What consumers do with streams, and with what they got. Each throws only what a stream may throw.
import { inspect } from 'node:util';

export function consumersOf({ Anthropic, MessageStream, toEvents, toMessageParam, toolInput }) {
  const PARAMS = { model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'hi' }] };

  const read = async (events) => {
    for await (const _ of events);
  };
  /** Whatever users do to a message must not fail for what a server sent. */
  const use = (message) => {
    if (message === undefined) return;
    JSON.stringify(message);
    structuredClone(message);
    inspect(message, { depth: null, maxArrayLength: 10, maxStringLength: 10 });
    toMessageParam(message);
    toEvents(message);
    for (const block of message.content) if ('input' in block) void toolInput(block).json;
  };

  const ways = [
    async (stream) => use(await stream.getFinalMessage()),
    (stream) => stream.getFinalText(),
    (stream) => read(stream),
    (stream) => read(stream.textStream),
    async (stream) => {
      for await (const _ of stream) void stream.currentMessageSnapshot;
      use(stream.currentMessageSnapshot);
    },
    (stream) => {
      stream
        .on('text', () => {})
        .on('inputJson', (_, snapshot) => void snapshot)
        .on('citation', () => {});
      return stream.getFinalMessage();
    },
    async (stream) => {
      const slow = stream[Symbol.asyncIterator]();
      await slow.next();
      const ended = await stream.untilDone().then(
        () => undefined,
        (error) => error,
      );
      await read(slow).catch(() => {});
      await read(stream).catch(() => {});
      if (ended !== undefined) throw ended;
    },
    async (stream) => {
      let n = 0;
      for await (const _ of stream) if (++n > 20) break;
    },
    (stream) => MessageStream.from(stream.toResponse()).getFinalMessage(),
    (stream) => Promise.all([read(stream), read(stream.textStream), stream.getFinalMessage()]),
  ];

  return async (random, { status, type, chunks }) => {
    const fetch = async () => {
      const body = new ReadableStream(
        {
          async pull(controller) {
            const { done, value } = chunks.next();
            if (done) controller.close();
            else if (value.length > 0) controller.enqueue(value);
            else controller.enqueue(new Uint8Array([0x0a]));
          },
        },
        { highWaterMark: 0 },
      );
      return new Response(body, { status, headers: type === '' ? {} : { 'content-type': type } });
    };
    const client = new Anthropic({ apiKey: 'key', maxRetries: 0, fetch });
    if (random.chance(0.1)) {
      // It returns any JSON document: what isn't a message is no message for later either.
      const { content } = (await client.messages.create(PARAMS)) ?? {};
      const isMessage =
        Array.isArray(content) && content.every((block) => typeof block?.type === 'string');
      return use(isMessage ? { content } : undefined);
    }
    if (random.chance(0.1)) return read(await client.messages.create({ ...PARAMS, stream: true }));
    const stream = random.chance(0.3)
      ? MessageStream.from(await fetch())
      : client.messages.stream(PARAMS, { recover: random.chance(0.2) });
    try {
      await random.of(ways)(stream);
    } catch (error) {
      inspect(error);
      use(error.partialMessage);
      throw error;
    } finally {
      inspect(stream);
    }
  };
}
