import type { Sink } from './sink.js';

const ofAll: Set<Sink> = /* @__PURE__ */ new Set();
const ofClients: WeakMap<object, Set<Sink>> = /* @__PURE__ */ new WeakMap();

/** The sinks of one client; a client puts them into its settings. */
export function sinksOf(client: object): Set<Sink> {
  const sinks = ofClients.get(client) ?? new Set();
  ofClients.set(client, sinks);
  return sinks;
}

/**
 * Tells a sink of the calls that are made from now on.
 * @param client whose calls; default: those of all clients.
 * @returns a function that takes it away. Calls under way still tell it of their end.
 */
export function addSink(sink: Sink, client?: object): () => void {
  const sinks = client === undefined ? ofAll : sinksOf(client);
  sinks.add(sink);
  return () => void sinks.delete(sink);
}

/** Those of all clients, then those of one. */
export function instruments(sinks: ReadonlySet<Sink> | undefined): Sink[] {
  return sinks === undefined ? [...ofAll] : [...ofAll, ...sinks];
}

export function isClient(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ofClients.has(value);
}
