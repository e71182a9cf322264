/** The headers that the protocol recommends for every response (section 12.7). */
export const PROTOCOL_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'cross-origin',
};
