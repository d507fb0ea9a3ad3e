/** Every verb of the command line: description, options, and the module that does its work, loaded when the verb runs. */
import { InvalidArgumentError } from 'commander'
import { day, decimal, defaulting, flag, optional, positive, required, share, whole, type Reader } from './options.ts'
import { declared, type DeclaredVerb } from './verb.ts'

const importing = {
  data: required('<dir>', 'the dataset: a directory of CSV files, or what --format says'),
  region: optional('<name>', "the region it belongs to (default: the directory's own name)"),
  format: defaulting(
    '<format>',
    'how it is written',
    ['csv', 'xlsx', 'jsonl', 'parquet', 'fhir', 'omop', 'his'],
    'csv',
  ),
  delivered: optional(
    '<date>',
    'the day from which it is known (default: the latest date in it that does not stand alone)',
    day,
  ),
  maxRejects: defaulting('<share>', 'the share of rejected rows of any file above which nothing is kept', share, 0.05),
  pseudonymise: flag('turn every patient id into a keyed HMAC (the key: WINST_PSEUDONYM_KEY)'),
}
const eventKept: Reader<{ seq: number; hash: string }> = (text) => {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? []
  if (seq !== undefined && hash !== undefined) return { seq: Number(seq), hash }
  throw new InvalidArgumentError('the end of a chain is written SEQ:HASH, as winst audit prints it.')
}
const asOf = optional('<date>', 'as known on this day (default: the latest delivery)', day)
const settling = { contract: required('<file>', 'the contract, YAML'), asOf }
const region = optional('<name>', 'the region (default: the only one)')
const workers = optional('<n>', 'how many workers share the work', positive)
const filesOut = required('<dir>', 'where the files are written')
const perhapsFilesOut = optional('<dir>', 'where the files are written')
const settlement = required('<id>', 'the settlement')
const inTheNameOf = 'in the name of the token in WINST_TOKEN'
const ofInsurer = optional(
  '<uzovi>',
  'whose share (default: your own; of an analyst, of those insured by nobody known, or every open one)',
)
const acting = {
  settlement,
  note: optional('<text>', 'what there is to say about it'),
}

export const VERBS: { readonly [verb: string]: DeclaredVerb } = {
  run: declared({
    description: 'the main job: import, train, expect, realise, settle; writes every file to OUT',
    options: {
      ...importing,
      ...settling,
      out: filesOut,
      workers: optional('<n>', 'how many workers share the work (default: the processors)', positive),
    },
    load: async () => (await import('./verbs/run.ts')).run,
  }),
  import: declared({
    description: 'import a dataset, and nothing more',
    options: { ...importing, out: optional('<dir>', 'where rejects.csv is written (default: next to the store)') },
    load: async () => (await import('./verbs/import.ts')).importVerb,
  }),
  indicators: declared({
    description: 'the indicators of a year by partner, the file for the benchmark, and the conditions of segment 3',
    options: {
      region,
      year: required('<year>', 'the reporting year; a peildatum of 1 January belongs to the year before', positive),
      programme: optional('<programme>', 'of one programme (default: all that have indicators)'),
      data: optional('<dir>', 'a dataset whose own indicators/*.yaml add to the built-in ones'),
      asOf,
      out: filesOut,
    },
    load: async () => (await import('./verbs/indicators.ts')).indicatorsVerb,
  }),
  reward: declared({
    description: 'the terms of each provider at an insurer in a year, and what it shows of its quality',
    options: {
      data: required('<dir>', 'a dataset with stays.csv, treatments.csv and observations.csv, as far as it has them'),
      file: optional('<file>', 'what is rewarded, YAML (default: reward.yaml in the dataset)'),
    },
    load: async () => (await import('./verbs/reward.ts')).rewardVerb,
  }),
  road: declared({
    description:
      'the road to a contract for hospital care at home: what blocks it, what moves, and the contract when all is agreed',
    options: {
      file: required('<file>', 'the road, YAML'),
      on: optional('<date>', 'the day that it is looked at, to tell what is overdue', day),
      out: optional('<file>', 'where the contract is written (default: beside the road)'),
    },
    load: async () => (await import('./verbs/road.ts')).roadVerb,
  }),
  rejects: declared({
    description: 'what an import did not take, and why: a file for each practice',
    options: {
      by: defaulting('<what>', 'for whom each file is', ['practice'], 'practice'),
      region,
      delivered: optional('<date>', 'the day of the delivery (default: the latest)', day),
      from: optional(
        '<dir>',
        'instead of the store: where an import wrote rejects.csv, of which nothing was kept, say',
      ),
      language: defaulting('<language>', 'of the reasons and the advice', ['nl', 'en'], 'nl'),
      out: optional('<dir>', 'where the files are written (default: by-practice, beside rejects.csv)'),
    },
    load: async () => (await import('./verbs/rejects.ts')).rejectsVerb,
  }),
  export: declared({
    description: 'a region as known on a day, as CSV, Parquet, FHIR, OMOP or a declaration file',
    options: {
      out: required('<dir>', 'an empty directory, or a new one'),
      format: defaulting(
        '<format>',
        'how it is written',
        ['csv', 'xlsx', 'jsonl', 'parquet', 'fhir', 'omop', 'declarations'],
        'csv',
      ),
      region,
      asOf,
      settlement: optional('<id>', 'its expectations and gains in the shape of OMOP, instead of the facts'),
      gzip: flag('gzip what is text'),
    },
    load: async () => (await import('./verbs/export.ts')).exportVerb,
  }),
  backtest: declared({
    description: 'out-of-fold expectations at every landmark',
    options: {
      data: required('<dir>', 'the dataset: a directory of CSV files'),
      programme: required('<programme>', 'the programme, dm2 for instance'),
      measure: required('<measure>', 'the measure, hba1c for instance'),
      out: required('<dir>', 'where backtest.csv and its model card are written'),
      folds: optional('<file>', 'patient_id,fold: patients it does not name are left out'),
      horizonDays: defaulting('<n>', 'days from the landmark to the result', positive, 365),
      windowDays: defaulting('<n>', 'how far from it a reading may lie', whole, 120),
      maxRejects: defaulting('<share>', 'the share of rejected rows of any file above which it fails', share, 0.05),
    },
    load: async () => (await import('./verbs/backtest.ts')).backtestVerb,
  }),
  train: declared({
    description: 'train the models of a contract on what is imported',
    options: { ...settling, region, workers },
    load: async () => (await import('./verbs/settle.ts')).train,
  }),
  settle: declared({
    description: 'settle a contract on what is imported',
    options: { ...settling, region, workers, out: perhapsFilesOut },
    load: async () => (await import('./verbs/settle.ts')).settle,
  }),
  models: declared({
    description: `the models there are, with their state; makes one payable, or retires it, ${inTheNameOf}, or in that of the operator`,
    options: {
      approve: optional('<id>', 'make this model payable'),
      retire: optional('<id>', 'retire this model'),
      because: optional('<reason>', 'why'),
    },
    load: async () => (await import('./verbs/models.ts')).modelsVerb,
  }),
  explain: declared({
    description: 'from a cent back to its rows: of a settlement, or of a declared line',
    options: {
      settlement: optional('<id>', 'the settlement'),
      partner: optional('<partner>', 'the partner'),
      patient: optional('<patient>', 'one of its patients'),
      line: optional('<id>', 'a declared line of segment 2, instead of a settlement'),
      region,
    },
    load: async () => (await import('./verbs/explain.ts')).explainVerb,
  }),
  review: declared({
    description: `review a prepared settlement, ${inTheNameOf}`,
    options: acting,
    load: async () => (await import('./verbs/act.ts')).actVerb('review'),
  }),
  release: declared({
    description: `approve an insurer's share of a reviewed settlement, ${inTheNameOf}; the last approval releases it`,
    options: { ...acting, insurer: ofInsurer, provisional: flag('pay the advance share; the final comes later') },
    load: async () => (await import('./verbs/act.ts')).actVerb('release'),
  }),
  reject: declared({
    description: `reject a settlement that is not released, ${inTheNameOf}`,
    options: acting,
    load: async () => (await import('./verbs/act.ts')).actVerb('reject'),
  }),
  pay: declared({
    description: `pay an insurer's share of a released settlement, ${inTheNameOf}`,
    options: { ...acting, insurer: ofInsurer },
    load: async () => (await import('./verbs/act.ts')).actVerb('pay'),
  }),
  advance: declared({
    description: `pay the advances of a quarter day, ${inTheNameOf}`,
    options: {
      contract: required('<id>', 'the contract, by its id'),
      quarterDay: required('<date>', 'a quarter day of its period', day),
      region,
      asOf,
    },
    load: async () => (await import('./verbs/advance.ts')).advanceVerb,
  }),
  declare: declared({
    description: `declare segment 2 of a quarter day to each insurer, ${inTheNameOf}`,
    options: {
      contract: required('<id>', 'the contract, by its id'),
      quarterDay: required('<date>', '1 January, 1 April, 1 July or 1 October', day),
      region,
      asOf,
      out: optional(
        '<dir>',
        'where a file for each insurer, and who does not count, are written (default: declarations)',
      ),
    },
    load: async () => (await import('./verbs/declare.ts')).declareVerb,
  }),
  remit: declared({
    description: `take in what insurers answered to declared lines, ${inTheNameOf}`,
    options: { data: required('<file>', 'declaration_line,state,cents,paid_on[,reason]'), region },
    load: async () => (await import('./verbs/remit.ts')).remitVerb,
  }),
  payout: declared({
    description: `pass on what was approved and received of segment 2, ${inTheNameOf}`,
    options: { on: required('<date>', 'the day up to which money has come in', day), region },
    load: async () => (await import('./verbs/payout.ts')).payoutVerb,
  }),
  correct: declared({
    description: 'settle a settlement anew on what is known by now, with its frozen models',
    options: {
      settlement: optional('<id>', 'the settlement to correct'),
      cause: optional('<cause>', 'why', ['late_data', 'defect']),
      note: optional('<text>', 'what was late or defective'),
      dispute: optional('<n>', 'instead: a dispute that was upheld', positive),
      asOf,
      workers,
      out: perhapsFilesOut,
    },
    load: async () => (await import('./verbs/dispute.ts')).correctVerb,
  }),
  dispute: declared({
    description: 'what would change if a fact is wrong; with --file, a dispute about it',
    options: {
      settlement,
      partner: required(
        '<partner>',
        'the partner that it is about; the token in WINST_TOKEN is its own, or of the insurer of the patient',
      ),
      patient: required('<patient>', 'the patient that is not its own, or of whom a value is wrong'),
      measure: optional('<measure>', 'the measure whose value is wrong'),
      observedOn: optional('<date>', 'the day of that value', day),
      value: optional('<number>', 'what it should be (left out: nothing was read)', decimal),
      file: optional('<evidence>', 'file it, with what shows it'),
    },
    load: async () => (await import('./verbs/dispute.ts')).disputeVerb,
  }),
  rule: declared({
    description: `rule on a dispute, ${inTheNameOf}`,
    options: {
      dispute: required('<n>', 'the dispute', positive),
      verdict: required('<verdict>', 'the ruling', ['upheld', 'dismissed']),
      reason: required('<text>', 'why'),
      correct: flag('if it is upheld: run the correction that follows from it, prepared by who rules'),
      workers,
    },
    load: async () => (await import('./verbs/dispute.ts')).ruleVerb,
  }),
  ledger: declared({
    description: 'the accounts of the ledger (expected, owed, paid, open), and its head',
    options: {
      contract: optional('<id>', 'of one contract'),
      region: optional('<name>', 'of one region (default: all)'),
      postedOn: optional('<date>', 'posted up to this day', day),
      recorded: optional('<n>', 'recorded up to this entry', whole),
    },
    load: async () => (await import('./verbs/ledger.ts')).ledgerVerb,
  }),
  difference: declared({
    description: 'what changed between two settlements of a contract, to the cent, by cause',
    options: { from: required('<id>', 'the one settlement'), to: required('<id>', 'the other') },
    load: async () => (await import('./verbs/difference.ts')).differenceVerb,
  }),
  frame: declared({
    description: 'the partners and outcomes of a settlement as danfojs frames, described; or one of them as a file',
    options: {
      settlement,
      table: optional('<table>', 'one table only', ['partners', 'partner_outcomes', 'outcomes']),
      out: optional('<file>', 'write the table (default: partners) to FILE.csv or FILE.parquet'),
    },
    load: async () => (await import('./verbs/frame.ts')).frameVerb,
  }),
  bundle: declared({
    description: 'the frozen inputs of a settlement, in one file',
    options: {
      settlement,
      out: required('<file>', 'the bundle'),
      insurer: optional('<uzovi>', 'of one insurer: what its own amounts follow from, and nobody else’s'),
    },
    load: async () => (await import('./verbs/bundle.ts')).bundleVerb,
  }),
  verify: declared({
    description: 'check a bundle, offline',
    argument: ['<file>', 'the bundle'],
    options: {},
    load: async () => (await import('./verbs/verify.ts')).verifyVerb,
  }),
  design: declared({
    description: 'before signing: what a contract would pay under no effect and under given effects',
    options: {
      contract: settling.contract,
      data: required('<dir>', 'the dataset'),
      out: filesOut,
    },
    load: async () => (await import('./verbs/not-yet.ts')).design,
  }),
  generate: declared({
    description: 'a synthetic region, with its known truth',
    options: {
      out: filesOut,
      patients: defaulting('<n>', 'how many patients', positive, 4000),
      seed: defaulting('<n>', 'the same seed writes the same bytes', whole, 1),
      effects: optional('<file>', 'the effects to plant, YAML'),
    },
    load: async () => (await import('./verbs/generate.ts')).generate,
  }),
  serve: declared({
    description: 'the API, with its first page',
    options: {
      port: optional('<n>', 'the port (default: PORT, or 8080)', whole),
      host: optional('<host>', 'the address to listen on (default: HOST, or 127.0.0.1)'),
      issueToken: optional(
        '<role[:subject]>',
        'print a new bearer token for this role, of the only region, then serve',
      ),
      devIssuer: flag(
        'give anybody on this machine a token for anything; refused in production (or: WINST_DEV_ISSUER=1)',
      ),
    },
    load: async () => (await import('./verbs/serve.ts')).serve,
  }),
  token: declared({
    description: 'print a new bearer token for somebody; it cannot be asked for again',
    argument: [
      '[role:name]',
      'analyst, insurer (UZOVI), partner (ID), researcher, auditor or administrator, and a name',
    ],
    options: {
      region: optional('<name>', 'the region it is for (default: the only one)'),
      days: optional('<n>', 'how long it holds (default: 90, at most 400)', positive),
      list: flag('the keys of the region instead, without their tokens'),
      link: flag('a link instead, that lets in once and for a day; it holds 7 days unless --days says otherwise'),
      scope: optional('<scope>', 'read: a key that looks and does nothing (default: act)', ['act', 'read']),
      revoke: optional('<key>', 'withdraw this key instead'),
    },
    load: async () => (await import('./verbs/token.ts')).tokenVerb,
  }),
  work: declared({
    description: 'who still has to be measured, by the day on which the window closes, as CSV',
    options: {
      out: required('<file>', 'the list'),
      region,
      contract: optional('<id>', 'one contract (default: all that are under way)'),
      asOf,
    },
    load: async () => (await import('./verbs/work.ts')).workVerb,
  }),
  audit: declared({
    description: 'check that the audit log is as it was written, and say where its chains end',
    options: {
      verify: flag('walk every chain (it is what this verb does)'),
      kept: optional('<seq:hash>', 'an end that was kept elsewhere: nothing up to it was taken off', eventKept),
    },
    load: async () => (await import('./verbs/audit.ts')).auditVerb,
  }),
  worker: declared({
    description: 'a queue worker; any number of them',
    options: { concurrency: optional('<n>', 'jobs at a time', positive) },
    load: async () => (await import('./verbs/worker.ts')).worker,
  }),
  migrate: declared({
    description: 'bring the database schema up to date',
    options: {},
    load: async () => (await import('./verbs/migrate.ts')).migrateVerb,
  }),
}
