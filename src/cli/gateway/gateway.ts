import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { AnthropicError, APIStatusError } from '../../index.js';
import { type Relay, type RelayParams, writeResponse } from '../../relay/index.js';
import type { Caller } from './caller.js';
import { passThrough } from './pass-through.js';
import { relayId, STREAM_HEADER, streamName } from './stream-names.js';

/** A larger body is refused; the API takes 32 MB. */
const MAX_BODY_BYTES = 67_108_864;

const STREAM_PATH = /^\/streams\/([\w.-]{1,100})(?:\?.*)?$/;

/** What a gateway needs. */
export interface GatewayOptions {
  relay: Relay;
  upstream: URL;
  toCaller: (incoming: IncomingMessage) => Caller;
  recover: boolean;
  /** Called with a line for each request, once it has ended. There is no key in it. */
  log: (line: string) => void;
}

/**
 * The API with streams that outlive connections: `POST /v1/messages` with `stream: true` goes through the relay,
 * everything else is passed on as it is.
 */
export function createGateway(options: GatewayOptions): RequestListener {
  return (incoming, outgoing) => {
    const since = performance.now();
    const path = (incoming.url ?? '/').split('?', 1)[0];
    outgoing.on('close', () => {
      const ms = (performance.now() - since).toFixed(0);
      const ending = outgoing.writableFinished ? 'complete' : 'left';
      options.log(`${incoming.method} ${path} · ${outgoing.statusCode} · ${ms} ms · ${ending}`);
    });
    respond(options, incoming, outgoing).catch((error) => fail(outgoing, error));
  };
}

async function respond(
  options: GatewayOptions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { upstream, toCaller } = options;
  const name = STREAM_PATH.exec(incoming.url ?? '')?.[1];
  if (name !== undefined)
    return handleStream(options, toCaller(incoming), name, incoming, outgoing);
  const isCreate = incoming.method === 'POST' && /^\/v1\/messages(\?.*)?$/.test(incoming.url ?? '');
  if (!isCreate) return passThrough(upstream, incoming, outgoing);
  const body = await readBody(incoming);
  const params = paramsIn(body);
  if (params?.stream !== true) return passThrough(upstream, incoming, outgoing, body);
  return stream(options, toCaller(incoming), params, incoming, outgoing);
}

async function stream(
  { relay, recover }: GatewayOptions,
  caller: Caller,
  params: RelayParams & { stream?: unknown },
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { stream: _, ...sent } = params;
  const key = incoming.headers['idempotency-key'];
  const name = await streamName(relay, caller, key === undefined ? undefined : String(key));
  const id = relayId(caller, name);
  const { shared: client, headers: extraHeaders } = caller;
  await relay.start(id, sent as RelayParams, { client, extraHeaders, recover });
  const stream = relay.follow(id, { client: caller.toClient });
  try {
    // Rejects for an error before the first event, which is an error status, as at the API.
    const { headers } = await stream.response;
    outgoing.setHeader(STREAM_HEADER, name);
    for (const [header, value] of headers) outgoing.setHeader(header, value);
    await stream.pipeTo(outgoing);
  } finally {
    stream.close();
  }
}

async function handleStream(
  { relay }: GatewayOptions,
  caller: Caller,
  name: string,
  { method = 'GET', headers, url = '/' }: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const sent = new Headers();
  for (const header of ['last-event-id', 'if-none-match']) {
    if (headers[header] !== undefined) sent.set(header, String(headers[header]));
  }
  const request = new Request(new URL(url, 'http://gateway'), { method, headers: sent });
  const client = caller.toClient;
  const response = await relay.handle(request, relayId(caller, name), { client });
  outgoing.setHeader(STREAM_HEADER, name);
  await writeResponse(response, outgoing);
}

/** By its events: a loop over it takes some turns more. */
function readBody(incoming: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    incoming.on('data', (chunk: Buffer) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length <= MAX_BODY_BYTES) return;
      incoming.pause();
      reject(tooLarge());
    });
    incoming.on('end', () => resolve(Buffer.concat(chunks, length)));
    incoming.on('error', reject);
  });
}

function tooLarge(): APIStatusError {
  const details = { status: 413, type: 'request_too_large' };
  return new APIStatusError('the body is larger than 64 MiB', details);
}

/** The params of a request; undefined for a body that is none, which the API is to refuse. */
function paramsIn(body: Buffer): (RelayParams & { stream?: unknown }) | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString());
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as RelayParams)
      : undefined;
  } catch {
    return undefined;
  }
}

/** An error of the API as the API said it; another one in its form. */
function fail(outgoing: ServerResponse, error: unknown): void {
  if (outgoing.headersSent || outgoing.destroyed) {
    outgoing.destroy();
    return;
  }
  const [status, body] = toErrorAnswer(error);
  outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function toErrorAnswer(error: unknown): [status: number, body: unknown] {
  const message = error instanceof AnthropicError ? error.reason : String(error);
  const { status = 502, type = 'api_error', body } = error instanceof APIStatusError ? error : {};
  return [status, body ?? { type: 'error', error: { type, message } }];
}
