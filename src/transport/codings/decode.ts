import * as zlib from 'node:zlib';
import { StreamProtocolError } from '../../errors.js';
import { gunzip } from './gunzip.js';
import { type Bytes, through } from './through.js';

/**
 * Undoes the content codings of a body, the last one first. A name that is no coding, such as `none` or
 * `utf-8`, means none where the body is text.
 * @param names in lower case.
 * @throws StreamProtocolError where one can't be decoded: another try would meet it too.
 */
export function decode(body: Bytes, names: readonly string[]): Bytes {
  return names.reduceRight<Bytes>((bytes, name) => {
    const decoder = decoders.get(name) ?? textOnly;
    return decoder(bytes, name);
  }, body);
}

type Decoder = (bytes: Bytes, name: string) => Bytes;

const decoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['gzip', gzip],
  ['x-gzip', gzip],
  ['deflate', deflate],
  ['br', brotli],
  ['zstd', zstd],
  // They exist, and Node doesn't have them.
  ...['compress', 'x-compress', 'dcb', 'dcz', 'exi', 'pack200-gzip', 'lzma', 'xz', 'bzip2'].map(
    (name) => [name, unknown] as const,
  ),
]);

function gzip(bytes: Bytes): Bytes {
  return gunzip(bytes, () => zlib.createInflateRaw({ flush: zlib.constants.Z_SYNC_FLUSH }));
}

/** With a header, as the standard says, or without, as some servers send it. */
async function* deflate(bytes: Bytes): Bytes {
  const [first, all] = await peek(bytes);
  const create =
    first !== undefined && (first & 0x0f) === 8 ? zlib.createInflate : zlib.createInflateRaw;
  yield* through(all, create({ flush: zlib.constants.Z_SYNC_FLUSH }));
}

function brotli(bytes: Bytes): Bytes {
  return through(
    bytes,
    zlib.createBrotliDecompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH }),
  );
}

function zstd(bytes: Bytes, name: string): Bytes {
  // From Node 22.15 on.
  const { createZstdDecompress } = zlib as { createZstdDecompress?: typeof zlib.createUnzip };
  return createZstdDecompress === undefined
    ? unknown(bytes, name)
    : through(bytes, createZstdDecompress());
}

// biome-ignore lint/correctness/useYield: it fails before the first piece.
async function* unknown(_: Bytes, name: string): Bytes {
  throw new StreamProtocolError(
    `the response has the content-encoding ${name.slice(0, 40)}, which can't be decoded here: ` +
      'ask the server for none with the header accept-encoding: identity',
  );
}

async function* textOnly(bytes: Bytes, name: string): Bytes {
  const [first, all] = await peek(bytes);
  yield* first === undefined || isText(first) ? all : unknown(all, name);
}

/** The first byte of an event stream, of JSON, or of a page: printable, blank, or of a BOM. */
function isText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d) || byte === 0xef;
}

/** The first byte, undefined where there is none, and all of the bytes. */
async function peek(bytes: Bytes): Promise<[first: number | undefined, all: Bytes]> {
  let head: IteratorResult<Uint8Array, undefined>;
  do head = await bytes.next();
  while (!head.done && head.value.length === 0);
  const { done, value } = head;
  async function* all(): Bytes {
    if (value !== undefined) yield value;
    if (!done) yield* bytes;
  }
  return [value?.[0], all()];
}
