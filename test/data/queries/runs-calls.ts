/** What is asked of runs: parts, assessments, models, figures. */
import { readFigures } from '../../../data/runs/aggregates.ts'
import { readAssessedYears } from '../../../data/runs/assessed-years.ts'
import {
  analyseAssessments,
  appendContributions,
  appendExpectations,
  appendRealisations,
  patientKeys,
} from '../../../data/runs/assessments.ts'
import { appendCells } from '../../../data/runs/cells.ts'
import { appendDrift, readDrift, readDrifts, readResults, runsOf } from '../../../data/runs/drift.ts'
import { readGamingSigns } from '../../../data/runs/gaming-signs.ts'
import { dropHandover, handedOver, handOver } from '../../../data/runs/handover.ts'
import { readInsurerFigures } from '../../../data/runs/insurer-figures.ts'
import { appendModel, linkModel, readModel, readRunModels } from '../../../data/runs/models.ts'
import { practiceSizesOf } from '../../../data/runs/practice-sizes.ts'
import { resultsToCome } from '../../../data/runs/results-to-come.ts'
import {
  doneResult,
  dropTrainingShards,
  isDone,
  once,
  openRun,
  partResults,
  readParties,
  readRun,
  readTrainingShards,
  saveTrainingShards,
} from '../../../data/runs/runs.ts'
import { inTransaction, type Transaction } from '../../../data/postgres/transaction.ts'
import { driftOf } from '../../../engine/explain/drift.ts'
import { contractOn } from '../../support/regions/region-run.ts'
import { sha256 } from '../../support/settlements/sha256.ts'
import type { Calls, Stage } from './calls.ts'

export function runsCalls({ store, world: { run, panels } }: Stage): Calls {
  const { runId } = run
  const contract = contractOn('queries', 'hba1c', 'sbp')
  const within = <T>(work: (transaction: Transaction) => Promise<T>) => inTransaction(store, work)
  const part = { runId, stage: 'expect', part: 'shard 0' }
  const piece = { runId, stage: 'expect', piece: 'shard 0' }
  const modelId = sha256('queries hba1c')
  const figures = { run, yearsBefore: 0, by: ['measure', 'partner'], only: { partner: 'p01' } } as const
  const again = sha256('another run of queries')
  const panel = panels[0]!
  // a run without assessments, once it is opened
  let empty = run
  const ofShard = { run, shard: 0, panel }
  const nobody = { measure: 'hba1c', yearsBefore: 1, patientKey: new Int32Array(0) }
  const empties = new Float64Array(0)
  const none = { measuredProbability: empties, imputedGain: empties, contribution: empties }
  return {
    'runs openRun': async () => {
      empty = await openRun(store, { ...run, runId: again }, { partners: panel.partners, insurers: ['7095'] })
    },
    'runs readRun': () => readRun(store, runId),
    'runs readParties': () => readParties(store, runId),
    'runs once': () => once(store, part, async () => ({ rows: 1 })),
    'runs doneResult': () => doneResult(store, part),
    'runs partResults': () => partResults(store, runId, 'expect'),
    'runs isDone': () => isDone(store, part),
    'runs saveTrainingShards': () =>
      within((transaction) => saveTrainingShards(transaction, runId, 0, [{ name: 'hba1c', bytes: new Uint8Array(1) }])),
    'runs readTrainingShards': () => readTrainingShards(store, runId, 'hba1c'),
    'runs dropTrainingShards': () => dropTrainingShards(store, runId),
    'assessments patientKeys': () => patientKeys(store.pool, ofShard),
    'assessments appendExpectations': () => within((transaction) => appendExpectations(transaction, ofShard, [])),
    'assessments appendRealisations': () => within((transaction) => appendRealisations(transaction, ofShard, [])),
    'assessments appendContributions': () =>
      within((transaction) => appendContributions(transaction, run, nobody, none)),
    'assessments analyseAssessments': () => analyseAssessments(store, 'expectation', 'realisation', 'gain'),
    'assessed-years readAssessedYears': () => readAssessedYears(store, run, ['hba1c', 'sbp']),
    'cells appendCells': () => within((transaction) => appendCells(transaction, empty)),
    'aggregates readFigures': () => readFigures(store, figures),
    'insurer-figures readInsurerFigures': () => readInsurerFigures(store, { ...figures, insurer: '7095' }),
    'gaming-signs readGamingSigns': () => readGamingSigns(store, run, contract, { hba1c: 'lower', sbp: 'lower' }),
    'practice-sizes practiceSizesOf': () => practiceSizesOf(store, run, 10),
    'results-to-come resultsToCome': () =>
      resultsToCome(store, { run, contract, of: [{ partnerId: 'p01', outcome: contract.outcomes[0]! }] }),
    'drift readResults': () => readResults(store, run, 'hba1c', { control: ['p90'] }),
    'drift appendDrift': async () => {
      const drift = driftOf(await readResults(store, run, 'hba1c', { control: ['p90'] }))
      await appendDrift(store, run, 'hba1c', drift)
    },
    'drift readDrift': () => readDrift(store, runId),
    'drift readDrifts': () => readDrifts(store, [runId, 'none']),
    'drift runsOf': () => runsOf(store, modelId),
    'handover handOver': () => within((transaction) => handOver(transaction, piece, new Uint8Array(1))),
    'handover handedOver': () => handedOver(store, { runId, stage: 'expect', prefix: 'shard' }),
    'handover dropHandover': () => within((transaction) => dropHandover(transaction, piece)),
    'models appendModel': () =>
      appendModel(store, { modelId, measure: 'hba1c', programme: 'dm2', bytes: new Uint8Array(1), card: {} }),
    'models readModel': () => readModel(store, modelId),
    'models linkModel': () => linkModel(store, runId, 'hba1c', modelId),
    'models readRunModels': () => readRunModels(store, runId),
  }
}
