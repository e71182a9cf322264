import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { type } from 'arktype';
import * as v from 'valibot';
import { z } from 'zod';

/** What every schema here says: a city, and perhaps for how many days. */
export interface Forecast {
  city: string;
  days?: number | undefined;
}

export const ZOD = z.object({ city: z.string(), days: z.number().optional() });

export const VALIBOT = toStandardJsonSchema(
  v.object({ city: v.string(), days: v.optional(v.number()) }),
);

export const ARKTYPE = type({ city: 'string', 'days?': 'number' });

export const PLAIN = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'number' } },
  required: ['city'],
} as const;

export const LIBRARIES = [
  ['zod', ZOD],
  ['valibot', VALIBOT],
  ['arktype', ARKTYPE],
  ['JSON Schema', PLAIN],
] as const;
