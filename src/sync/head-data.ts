import type { ResponseHead } from '../transport/port.js';

/** Status and headers of a response, as plain data. */
export interface HeadData {
  status: number;
  statusText: string;
  fields: [name: string, value: string][];
}

export function headData({ status, statusText, fields }: ResponseHead): HeadData {
  return { status, statusText, fields: fields() };
}

export function headOf({ status, statusText, fields }: HeadData): ResponseHead {
  return {
    status,
    statusText,
    header: (name) => {
      const values = fields.filter(([field]) => field.toLowerCase() === name.toLowerCase());
      return values.length === 0 ? null : values.map(([, value]) => value).join(', ');
    },
    headers: () => new Headers(fields),
    fields: () => [...fields],
  };
}
