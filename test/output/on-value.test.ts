import { expect, it } from 'vitest';
import { outputFormat } from '../../src/index.js';
import { reply } from '../../src/testing/index.js';
import { messageStart, textBlock, textDelta } from '../contract/wire.js';
import { idle, until } from '../stream/support.js';
import { byHand, PARAMS, WORLDS } from '../tools/support.js';

const FORMAT = outputFormat({
  type: 'object',
  properties: {
    rows: {
      type: 'array',
      items: { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] },
    },
  },
  required: ['rows'],
});

const params = { ...PARAMS, output_config: { format: FORMAT } };
const START = [messageStart(), ...textBlock(0, '').slice(0, 1)];

it('tells of each element as soon as it is finished, and makes the stream read', async () => {
  const { client, request } = byHand();
  const stream = client.messages.stream(params);
  const rows: [number, string][] = [];
  stream.outputStream.onValue('rows.*', (row, path) => rows.push([row.id, path.join('.')]));
  const held = await request();
  held.feed(...START, textDelta(0, '{"rows": [{"id": 1}'));
  await idle();
  expect(rows).toEqual([[1, 'rows.0']]);
  held.feed(textDelta(0, ', {"id": 2'));
  await idle();
  expect(rows).toHaveLength(1);
  held.feed(textDelta(0, '}]}'));
  await idle();
  expect(rows).toEqual([
    [1, 'rows.0'],
    [2, 'rows.1'],
  ]);
  held.finish();
  expect(await stream.getFinalOutput()).toEqual({ rows: [{ id: 1 }, { id: 2 }] });
});

it('gives one that comes late what was finished before, once', async () => {
  const { client, request } = byHand();
  const stream = client.messages.stream(params);
  const heard: [string, number][] = [];
  const hear =
    (name: string) =>
    (id: number): void =>
      void heard.push([name, id]);
  stream.outputStream.onValue('rows.*.id', hear('first'));
  const held = await request();
  held.feed(...START, textDelta(0, '{"rows": [{"id": 1}, '));
  await idle();
  stream.outputStream.onValue('rows.*.id', hear('second'));
  expect(heard).toEqual([
    ['first', 1],
    ['second', 1],
  ]);
  held.feed(textDelta(0, '{"id": 2}]}'));
  held.finish();
  await stream.untilDone();
  expect(heard.slice(2)).toEqual([
    ['first', 2],
    ['second', 2],
  ]);
  stream.outputStream.onValue('rows.*.id', hear('third'));
  expect(heard.slice(4)).toEqual([
    ['third', 1],
    ['third', 2],
  ]);
});

it.each([
  ['before', 'the events of its stream'],
  ['in the middle of', 'a listener'],
  ['after', 'the end'],
])('misses nothing and repeats nothing, first added %s %s', async (when) => {
  const { client, request } = byHand();
  const stream = client.messages.stream({ ...params, output_config: { format: outputFormat({}) } });
  const heard: unknown[] = [];
  const listen = (): void => void stream.outputStream.onValue('*', (value) => heard.push(value));
  if (when === 'before') listen();
  let count = 0;
  stream.on('text', () => {
    if (when === 'in the middle of' && ++count === 2) listen();
  });
  const held = await request();
  held.feed(...START, textDelta(0, '["a", "'), textDelta(0, 'b", '), textDelta(0, '"c"]'));
  held.finish();
  await stream.untilDone();
  if (when === 'after') listen();
  expect(heard).toEqual(['a', 'b', 'c']);
});

it.each(['before', 'after'])(
  'hears a number that only the end finishes, added %s it',
  async (when) => {
    await using world = await WORLDS[0][1]([reply.text('42')]);
    const output_config = { format: outputFormat({}) };
    const stream = world.client.messages.stream({ ...PARAMS, output_config });
    const heard: unknown[] = [];
    if (when === 'after') await stream.untilDone();
    stream.outputStream.onValue('', (value) => heard.push(value));
    if (when === 'before') await stream.untilDone();
    await idle();
    expect(heard).toEqual([42]);
  },
);

it('a listener that is taken away hears no more', async () => {
  const { client, request } = byHand();
  const stream = client.messages.stream(params);
  const heard: number[] = [];
  const stop = stream.outputStream.onValue('rows.*.id', (id) => {
    heard.push(id);
    stop();
  });
  const held = await request();
  held.feed(
    ...START,
    textDelta(0, '{"rows": [{"id": 1}, {"id": 2}'),
    textDelta(0, ', {"id": 3}]}'),
  );
  held.finish();
  await stream.untilDone();
  expect(heard).toEqual([1]);
});

it('a listener that throws is reported, and stops nothing', async () => {
  await using world = await WORLDS[0][1]([reply.text('{"rows": [{"id": 1}, {"id": 2}]}')]);
  const stream = world.client.messages.stream(params);
  const errors: unknown[] = [];
  const heard: number[] = [];
  const cause = new Error('full');
  stream.on('error', (error) => errors.push(error.cause));
  stream.outputStream.onValue('rows.*', () => {
    throw cause;
  });
  stream.outputStream.onValue('rows.*.id', (id) => heard.push(id));
  expect((await until(stream.outputStream)).error).toBeUndefined();
  expect(heard).toEqual([1, 2]);
  expect(errors).toEqual([cause, cause]);
});
