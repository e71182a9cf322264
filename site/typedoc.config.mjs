/** The API reference: all that the package exports, from its doc comments. A warning fails it. */
export default {
  name: 'API',
  plugin: ['typedoc-plugin-markdown', 'typedoc-vitepress-theme'],
  entryPoints: ['../src/index.ts', '../src/testing/index.ts', '../src/sync/index.ts'],
  tsconfig: 'tsconfig.json',
  out: 'pages/api',
  docsRoot: 'pages',
  readme: 'none',
  disableSources: true,
  excludeInternal: true,
  excludePrivate: true,
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
  validation: { notExported: true, invalidLink: true, notDocumented: true },
  // Types of the wire say it with their names.
  requiredToBeDocumented: ['Class', 'Function', 'Variable', 'Accessor'],
  // Types that compute others: nobody needs to name them.
  intentionallyNotExported: [
    'DeepReadonly',
    'DeltaOf',
    'ExecutionResult',
    'InputOf',
    'OutputOf',
    'ParamOf',
    'ToolResultError',
    'ValueAt',
    'WithOutput',
    'Draw',
    'LooseBlock',
    'LooseEvent',
  ],
};
