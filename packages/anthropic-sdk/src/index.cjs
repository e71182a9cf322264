/*
 * What `require('@anthropic-ai/sdk')` returns: the class, with every export on it, `default` included. Node
 * loads the same files as for `import`.
 */
const sdk = require('./index.js');

const { Anthropic } = sdk;
for (const name of Object.keys(sdk)) {
  // Static members are the same; Node adds `__esModule`, below.
  if (name === '__esModule' || Object.hasOwn(Anthropic, name)) continue;
  Object.defineProperty(Anthropic, name, { get: () => sdk[name], enumerable: true });
}
// Compiled `import Anthropic from` then takes `default`.
Object.defineProperty(Anthropic, '__esModule', { value: true });
module.exports = Anthropic;
