import { describe, expect, it } from 'vitest';
import type { Anthropic } from '../../src/index.js';
import { type EmulatorOptions, type Fault, parseFaults, reply } from '../../src/testing/index.js';
import { failure } from '../stream/support.js';

/** What an emulator for these tests is made of; it can cross to another process. */
export interface PlainSetting {
  replies?: readonly ReturnType<typeof reply.text | typeof reply.error>[];
  models?: readonly string[];
  batchTime?: number;
  /** The faults of the results, response by response, as the command takes them. */
  faults?: readonly string[];
}

/** The API as a client sees it. The client may be one that blocks: what it returns can be awaited as well. */
export interface PlainWorld extends AsyncDisposable {
  client: Anthropic;
  /** Such as `GET /v1/models`. */
  requests(): Promise<readonly string[]>;
}

export function toEmulatorOptions({
  replies = [],
  faults = [],
  ...options
}: PlainSetting): EmulatorOptions {
  let answers = 0;
  return {
    ...options,
    replies,
    faults: (_, { path }) => {
      const spec = path.endsWith('/results') ? faults[answers++] : undefined;
      return spec === undefined ? [] : (parseFaults(spec) as readonly Fault[]);
    },
  };
}

const params = (content: string) => ({
  model: 'claude-opus-4-8',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content }],
});

const requests = (...ids: string[]) => ids.map((id) => ({ custom_id: id, params: params(id) }));

async function collect<T>(items: AsyncIterable<T> | Iterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export function plainSuite(open: (setting: PlainSetting) => Promise<PlainWorld>): void {
  const MODELS = ['claude-a', 'claude-b', 'claude-c', 'claude-d', 'claude-e'];

  describe('models', () => {
    it('are found by id or alias, with what they can do', async () => {
      await using world = await open({});
      const model = await world.client.models.retrieve('claude-sonnet-4-5');
      expect(model).toMatchObject({
        id: 'claude-sonnet-4-5-20250929',
        display_name: 'Claude Sonnet 4.5',
        line: 'sonnet',
        max_input_tokens: 200_000,
        capabilities: { thinking: { types: { enabled: { supported: true } } } },
      });
      const missing = failure((async () => world.client.models.retrieve('claude-none/x'))());
      expect(await missing).toMatchObject({ name: 'NotFoundError', status: 404 });
    });

    it('are listed, page after page, each page on demand', async () => {
      await using world = await open({ models: MODELS });
      const ids: string[] = [];
      for await (const { id } of world.client.models.list({ limit: 2 })) {
        ids.push(id);
        if (ids.length === 2) expect(await world.requests()).toHaveLength(1);
      }
      expect(ids).toEqual(MODELS);
      expect(await world.requests()).toEqual(Array(3).fill('GET /v1/models'));
    });

    it('are listed backwards', async () => {
      await using world = await open({ models: MODELS });
      const page = await world.client.models.list({ limit: 1, before_id: 'claude-c' });
      expect([page.data.map(({ id }) => id), page.has_more]).toEqual([['claude-b'], true]);
      const before = await page.getNextPage();
      expect(before?.data.map(({ id }) => id)).toEqual(['claude-a']);
      expect(before?.hasNextPage()).toBe(false);
      expect(await before?.getNextPage()).toBe(undefined);
    });

    it('are listed by stage', async () => {
      await using world = await open({});
      const { list } = world.client.models;
      expect((await collect(await list({ limit: 1000, lifecycle: ['active'] }))).length).toBe(
        (await collect(await list({ limit: 7 }))).length,
      );
      expect(await collect(await list({ lifecycle: ['retired', 'brand_new'] }))).toEqual([]);
    });

    it.each(['', '.', '..', undefined])('are not asked for by %j', async (id) => {
      await using world = await open({});
      const call = async (): Promise<unknown> => world.client.models.retrieve(id as string);
      expect(await failure(call())).toMatchObject({ message: expect.stringMatching(/is no id/) });
      expect(await world.requests()).toEqual([]);
    });

    it('take no options that are none', async () => {
      await using world = await open({});
      const call = async (): Promise<unknown> =>
        world.client.models.list({}, { recover: true } as object);
      expect(await failure(call())).toMatchObject({ message: /^unknown option 'recover'/ });
    });
  });

  describe('a batch', () => {
    const world = (setting: PlainSetting = {}) =>
      open({ replies: [reply.text('One.'), reply.error(529), reply.text('Three.')], ...setting });

    it('is created, retrieved, listed and deleted', async () => {
      await using made = await world();
      const { batches } = made.client.messages;
      const created = await batches.create({ requests: requests('a', 'b') });
      expect(created).toMatchObject({
        type: 'message_batch',
        processing_status: 'in_progress',
        request_counts: { processing: 2, succeeded: 0 },
        results_url: null,
      });
      const ended = await batches.retrieve(created.id);
      expect(ended).toMatchObject({
        processing_status: 'ended',
        request_counts: { processing: 0, succeeded: 1, errored: 1 },
        results_url: expect.stringMatching(/\/v1\/messages\/batches\/msgbatch_.*\/results$/),
      });
      await batches.create({ requests: requests('c') });
      const listed = await collect(await batches.list({ limit: 1 }));
      expect(listed.map(({ request_counts: { succeeded } }) => succeeded)).toEqual([1, 1]);
      expect(listed[1]?.id).toBe(created.id);
      expect(await batches.delete(created.id)).toEqual({
        id: created.id,
        type: 'message_batch_deleted',
      });
      const gone = (async () => batches.retrieve(created.id))();
      expect(await failure(gone)).toMatchObject({ status: 404 });
    });

    it('has a result for each request, whatever became of it', async () => {
      await using made = await world();
      const { batches } = made.client.messages;
      const invalid = { custom_id: 'x', params: { ...params('x'), top_k: -1 } };
      const { id } = await batches.create({ requests: [...requests('a', 'b', 'c'), invalid] });
      const results = await batches.results(id);
      expect(results.response.status).toBe(200);
      expect(results.requestId).toMatch(/^req_/);
      expect(await collect(results)).toMatchObject([
        { custom_id: 'a', result: { type: 'succeeded', message: { content: [{ text: 'One.' }] } } },
        {
          custom_id: 'b',
          result: { type: 'errored', error: { error: { type: 'overloaded_error' } } },
        },
        {
          custom_id: 'c',
          result: { type: 'succeeded', message: { content: [{ text: 'Three.' }] } },
        },
        {
          custom_id: 'x',
          result: { type: 'errored', error: { error: { type: 'invalid_request_error' } } },
        },
      ]);
    });

    it('is canceled, and has no results before it has ended', async () => {
      await using made = await world({ batchTime: 3_600_000 });
      const { batches } = made.client.messages;
      const { id } = await batches.create({ requests: requests('a') });
      const early = (async () => batches.results(id))();
      expect(await failure(early)).toMatchObject({ message: expect.stringMatching(/in_progress/) });
      const undeleted = (async () => batches.delete(id))();
      expect(await failure(undeleted)).toMatchObject({ status: 400 });
      expect(await batches.cancel(id)).toMatchObject({ processing_status: 'canceling' });
      expect(await collect(await batches.results(id))).toEqual([
        { custom_id: 'a', result: { type: 'canceled' } },
      ]);
      const late = (async () => batches.cancel(id))();
      expect(await failure(late)).toMatchObject({ status: 400 });
    });

    it('is refused as the API does', async () => {
      await using made = await world();
      const { batches } = made.client.messages;
      const refused = async (requests: unknown): Promise<unknown> =>
        ((await failure((async () => batches.create({ requests } as never))())) as Error).message;
      expect(await refused([])).toMatch(/requests: List should have at least 1 item/);
      expect(await refused([{ custom_id: 'a b', params: {} }])).toMatch(
        /requests.0.custom_id: String should match pattern/,
      );
      expect(await refused([{ custom_id: 'a' }])).toMatch(/requests.0.params: Field required/);
      expect(await refused(requests('a', 'a'))).toMatch(/requests.1.custom_id: "a" is used/);
    });

    it.each([true, false])('is sent as it was when it was created (beta %s)', async (isBeta) => {
      await using made = await world();
      const { batches } = isBeta ? made.client.beta.messages : made.client.messages;
      const sent = requests('a');
      const creating = batches.create({ requests: sent });
      sent.push(...requests('b'));
      expect((await creating).request_counts.processing).toBe(1);
    });
  });

  describe('results', () => {
    const IDS = ['a', 'b', 'c'];
    const replies = IDS.map((id) => reply.text(`Text ${id}.`));

    it.each([
      ['in the middle of a line', ['cut@350']],
      ['before the first', ['cut@0']],
      ['several times', ['cut@350', 'cut@100', 'cut@900', 'cut@5']],
    ])('that are cut %s are requested again, each is there once', async (_, faults) => {
      await using world = await open({ replies, faults });
      const { batches } = world.client.messages;
      const { id } = await batches.create({ requests: requests(...IDS) });
      const results = await batches.results(id, { maxRetries: 2 });
      expect((await collect(results)).map(({ custom_id }) => custom_id)).toEqual(IDS);
      const asked = (await world.requests()).filter((path) => path.endsWith('/results'));
      expect(asked).toHaveLength(faults.length + 1);
    });

    it.each([
      ['between two lines', 1],
      ['in a line', 0.5],
    ])('that are always cut %s end with an error, after what was received', async (_, share) => {
      const line = JSON.stringify(await firstResult(open)).length + 1;
      const cut = `cut@${Math.floor(line * share)}`;
      await using world = await open({ replies, faults: [cut, cut, cut] });
      const { batches } = world.client.messages;
      const { id } = await batches.create({ requests: requests(...IDS) });
      const results = await batches.results(id, { maxRetries: 1 });
      const received: string[] = [];
      const read = async (): Promise<void> => {
        for await (const { custom_id } of results) received.push(custom_id);
      };
      expect(await failure(read())).toMatchObject({
        name: 'StreamTruncatedError',
        message: expect.stringMatching(/results of the batch were cut off/),
      });
      expect(received).toEqual(share === 1 ? ['a'] : []);
    });

    it('end where their reader leaves, or they are closed', async () => {
      await using world = await open({ replies });
      const { batches } = world.client.messages;
      const { id } = await batches.create({ requests: requests(...IDS) });
      const left = await batches.results(id);
      for await (const { custom_id } of left) {
        expect(custom_id).toBe('a');
        break;
      }
      const closed = await batches.results(id);
      closed.close();
      expect(await failure(collect(closed))).toMatchObject({ name: 'APIUserAbortError' });
      const read = collect(closed);
      expect(await failure(read)).toMatchObject({ message: expect.stringMatching(/has a reader/) });
    });
  });

  async function firstResult(
    open: (setting: PlainSetting) => Promise<PlainWorld>,
  ): Promise<unknown> {
    await using world = await open({ replies: [reply.text('Text a.')] });
    const { batches } = world.client.messages;
    const { id } = await batches.create({ requests: requests('a') });
    const [first] = await collect(await batches.results(id));
    return first;
  }
}
