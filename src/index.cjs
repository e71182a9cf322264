/*
 * What `require('millrace')` returns: the class, with every named export on it. Node loads the same files
 * as for `import`.
 */
const millrace = require('./index.js');

const { Anthropic } = millrace;
for (const name of Object.keys(millrace)) {
  if (Object.hasOwn(Anthropic, name)) continue; // Static members are the same.
  Object.defineProperty(Anthropic, name, { get: () => millrace[name], enumerable: true });
}
module.exports = Anthropic;
