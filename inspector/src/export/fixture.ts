import type { Attempt } from '../recording/attempt.js';

/** A test's emulator that answers with this response, byte for byte. */
export function toFixture({ response, chunks, end }: Attempt): string | undefined {
  if (response === undefined) return undefined;
  const decoder = new TextDecoder();
  const text = chunks.map(({ bytes }) => decoder.decode(bytes, { stream: true })).join('');
  const pieces = text.split(/(?<=\n\n)/).map((piece) => `    ${toLiteral(piece)},`);
  const type = response.headers['content-type'] ?? 'text/event-stream';
  const isBroken = end?.end === 'broken';
  const raw = [
    `reply.raw(${response.status}, { 'content-type': ${toLiteral(type)} }, [`,
    ...pieces,
    '  ])',
  ].join('\n');
  const answer = isBroken
    ? `reply.faulty(\n  ${raw},\n  fault.reset({ byte: ${sizeOf(chunks)} }),\n)`
    : raw;
  return `import { createEmulator, ${isBroken ? 'fault, ' : ''}reply } from 'millrace/testing';

export const emulator = createEmulator({
  replies: [${answer}],
});
`;
}

const sizeOf = (chunks: Attempt['chunks']): number =>
  chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);

function toLiteral(text: string): string {
  const json = JSON.stringify(text).replace(/[\u2028\u2029]/g, (mark) =>
    mark === '\u2028' ? '\\u2028' : '\\u2029',
  );
  return `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
