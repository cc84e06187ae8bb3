/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'engine-core-is-pure',
      comment: 'The call engine knows its ports only: no queue, database, web or socket library.',
      severity: 'error',
      from: { path: '^src/call-engine', pathNot: '^src/call-engine/adapters' },
      to: { path: 'node_modules/(bullmq|drizzle-orm|express|ws|pg|ioredis|modesl|koffi|ollama)/' },
    },
    {
      name: 'engine-core-imports-no-adapter',
      severity: 'error',
      from: { path: '^src/call-engine', pathNot: '^src/call-engine/adapters' },
      to: { path: '^src/call-engine/adapters' },
    },
    {
      name: 'engine-imports-no-edge',
      severity: 'error',
      from: { path: '^src/call-engine' },
      to: { path: '^src/(workers|queues|db|cli|web|campaigns|contacts|config)' },
    },
    {
      name: 'compliance-is-pure',
      severity: 'error',
      from: { path: '^src/compliance' },
      to: { path: '^src/(workers|queues|db|cli|web|campaigns|call-engine)' },
    },
    {
      name: 'calls-are-made-by-the-worker-only',
      comment: 'Whoever could originate beside the call worker would dial past the gate.',
      severity: 'error',
      from: {
        path: '^src',
        pathNot: '^src/(workers/(open-engine|call-settings)\\.ts|call-engine/adapters/)',
      },
      to: {
        path: '^src/call-engine/(call-session\\.ts|adapters/freeswitch/telephony\\.ts)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'db-imports-no-edge',
      severity: 'error',
      from: { path: '^src/db' },
      to: { path: '^src/(workers|queues|cli|web|campaigns)' },
    },
    {
      name: 'exports-import-no-edge',
      severity: 'error',
      from: { path: '^src/exports' },
      to: { path: '^src/(workers|queues|cli|web|campaigns|config)' },
    },
    {
      name: 'express-only-in-web',
      severity: 'error',
      from: { path: '^src', pathNot: '^src/web' },
      to: { path: 'node_modules/(express|@bull-board|helmet|express-rate-limit)/' },
    },
    {
      name: 'nobody-imports-the-simulator',
      comment: 'It is reached over the wire only.',
      severity: 'error',
      from: { pathNot: '^(simulator|test/unit/simulator)' },
      to: { path: '^simulator' },
    },
    {
      name: 'simulator-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^simulator' },
      to: { path: '^(src|demo|bench|chaos|eval|test)' },
    },
    {
      name: 'src-imports-only-src',
      severity: 'error',
      from: { path: '^src' },
      to: { path: '^(simulator|demo|bench|chaos|eval|test)' },
    },
    {
      name: 'sql-only-in-db',
      severity: 'error',
      from: { path: '^src', pathNot: '^src/(db|queues)' },
      to: { path: 'node_modules/(drizzle-orm|pg)/' },
    },
    {
      name: 'not-to-dev-dep',
      severity: 'error',
      from: { path: '^(src|simulator|demo|chaos)' },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
