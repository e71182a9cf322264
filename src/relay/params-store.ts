import type { RelayParams, RelaySettings } from './options.js';

/** What a process that takes over needs: the params, never headers, keys or signals. */
export interface ParamsStore {
  /** @param params as JSON. */
  keep(id: string, params: string): Promise<void>;
  /** @returns undefined where the stream can't be taken over. */
  get(id: string): Promise<RelayParams | undefined>;
  /** Those that are stored. */
  kept(id: string): Promise<object | undefined>;
  remove(id: string): Promise<void>;
  /** Keeps them as long as the stream. */
  beat(id: string): Promise<unknown>;
}

/** Params are a log of one entry, under a name that no stream can have. */
export function createParamsStore({ engine, ttl, keepParams, resume }: RelaySettings): ParamsStore {
  const nameOf = (id: string): string => `${id}${PARAMS}`;
  /** A stream may end before its params are kept. */
  const keeping = new Map<string, Promise<unknown>>();
  const kept: ParamsStore['kept'] = async (id) => {
    const [entry] = await engine.read(nameOf(id), undefined, 1);
    return entry && JSON.parse(entry.payload);
  };
  return {
    keep: async (id, params) => {
      if (!keepParams) return;
      const kept = engine.append(nameOf(id), { epoch: 1, seq: 0 }, [params], { ttl });
      keeping.set(id, kept);
      await kept.finally(() => keeping.delete(id));
    },
    get: async (id) => (await resume?.(id)) ?? ((await kept(id)) as RelayParams | undefined),
    kept,
    remove: async (id) => {
      await keeping.get(id)?.catch(() => {});
      await engine.remove(nameOf(id));
    },
    beat: async (id) => keepParams && engine.beat(nameOf(id), 1, 0, ttl),
  };
}

/** An id never ends in it: it would be longer than an id may be, or have this character. */
const PARAMS = '\u0000params';

/** The stream whose params have a name; undefined for the name of a stream. */
export function baseOfParams(name: string): string | undefined {
  return name.endsWith(PARAMS) ? name.slice(0, -PARAMS.length) : undefined;
}
