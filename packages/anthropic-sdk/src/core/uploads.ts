/** What `files.upload` takes. */
export type Uploadable = File | Blob | Response;

/** What `toFile` makes a File of. */
export type ToFileInput =
  | Uploadable
  | ArrayBuffer
  | ArrayBufferView
  | string
  | AsyncIterable<Uint8Array | string>;

/**
 * A File of anything that has bytes: a Blob, a Response, a buffer, a stream such as `fs.createReadStream()`.
 * @param name default: the name that the value has, else `unknown_file`.
 */
export async function toFile(
  value: ToFileInput | PromiseLike<ToFileInput>,
  name?: string | null,
  options?: FilePropertyBag,
): Promise<File> {
  const source = await value;
  if (source instanceof File && !name && !options) return source;
  const parts = await partsOf(source);
  const type = options?.type ?? (source instanceof Blob ? source.type : undefined);
  return new File(parts, name ?? nameOf(source) ?? 'unknown_file', {
    ...options,
    ...(type ? { type } : {}),
  });
}

async function partsOf(source: ToFileInput): Promise<BlobPart[]> {
  // node-fetch and others have a class of their own.
  const { url, blob } = source as Partial<Response>;
  if (typeof url === 'string' && typeof blob === 'function') return [await blob.call(source)];
  if (typeof source === 'string' || source instanceof Blob) return [source];
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return [source as BlobPart];
  const chunks = source as AsyncIterable<Uint8Array | string>;
  if (typeof chunks?.[Symbol.asyncIterator] !== 'function') {
    throw new Error(`Unexpected data type: ${typeof source}: pass a Blob, a buffer or a stream`);
  }
  const parts: BlobPart[] = [];
  for await (const part of chunks) parts.push(part as BlobPart);
  return parts;
}

function nameOf(source: unknown): string | undefined {
  const { name, url, filename, path } = source as Record<string, unknown>;
  for (const each of [name, url, filename, path]) {
    if (typeof each === 'string' && each !== '') return each.split(/[\\/]/).pop() || undefined;
  }
  return undefined;
}
