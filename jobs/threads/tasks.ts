/** The tasks of the threads: pure functions from bytes and columns to bytes and columns. No store and no queue; a clock for the model card only. */
import type { Contract } from '../../engine/contract/contract.ts'
import { horizonAfter, modelsAskedOf, outcomeAfter, type ModelAsked } from '../../engine/contract/term.ts'
import { admissionsOf, type Admissions } from '../../engine/assessment/eligibility.ts'
import { assessedYearsOf, countingYearsOf, frameOf } from '../../engine/assessment/assessed-years.ts'
import { gainsOf, healthOf } from '../../engine/assessment/health-value.ts'
import { isOfReference } from '../../engine/panel/landmarks.ts'
import type { Panel } from '../../engine/panel/panel.ts'
import { panelMix } from '../../engine/panel/panel-mix.ts'
import { patientFactsOf } from '../../engine/assessment/patient-facts.ts'
import type { Better } from '../../engine/contract/programme.ts'
import { quantised } from '../../engine/kernel/quantise.ts'
import { realisationsOf } from '../../engine/assessment/realisation.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import { includedOnQuarterDaysOf } from '../../engine/settlement/bundled.ts'
import { windowsOf } from '../../engine/panel/window.ts'
import { rosterOf, type Roster } from '../../engine/panel/roster.ts'
import type { ExpectedBlock, RealisedBlock } from '../../data/runs/assessments.ts'
import { packed, unpacked } from '../../data/columns/packed.ts'
import { panelBytes, panelOf } from '../../data/columns/panel-bytes.ts'
import { loadExpecter, modelChoice, QUANTILES, type Expecter } from '../../models/predictive/expecter.ts'
import type { ExpectationSpec } from '../../models/estimator.ts'
import { rowsWhere, tableRows } from '../../models/sample/rows.ts'
import {
  freeze as freezeModel,
  fitGroup,
  trainingShardOf,
  type Fitted,
  type Trained,
} from '../../models/ensemble/training.ts'
import { contribute as contributionsInYear, type YearOfRegion } from './assessed-year.ts'
import { yearOfShard } from './year-of-shard.ts'
import { Transferred } from './transferred.ts'

/** One shard of one run. */
export interface ShardTask {
  readonly panel: Uint8Array
  readonly contract: Contract
  /** partner_ids with an enrolment in the programme, over the whole region */
  readonly enrolled: readonly string[]
}

/** One outcome in one assessed year of one shard: a row per admitted patient, ascending by patient. */
export interface Block {
  readonly measure: string
  readonly yearsBefore: number
  readonly admissions: Admissions
}

export interface FrozenModel {
  readonly measure: string
  /** whole years under the contract after which it expects (0 without a term) */
  readonly yearsElapsed: number
  readonly modelId: string
  readonly bytes: Uint8Array
}

/** The training rows of every model of the contract in one shard. */
export function window({
  panel: bytes,
  contract,
}: ShardTask): Transferred<(Pick<ModelAsked, 'name'> & { bytes: Uint8Array })[]> {
  const panel = panelOf(bytes)
  return new Transferred(
    modelsAskedOf(contract).map(({ name, outcome }) => ({ name, bytes: trainingShardOf(panel, contract, outcome) })),
  )
}

/** What one model is trained on. */
export interface TrainingTask {
  readonly shards: readonly Uint8Array[]
  readonly spec: ExpectationSpec
  readonly seed: number
}

/** The cost of a part of training. */
export type Cost = NonNullable<Trained['card']['cost']>

/** The families of one fit group, fitted. */
export async function fit({ shards, spec, seed, group }: TrainingTask & { group: number }): Promise<{
  fitted: Fitted[]
  cost: Cost
}> {
  const cost = costSince(performance.now())
  const fitted = await fitGroup(shards, spec, seed, group, () => performance.now())
  return { fitted, cost: cost() }
}

/** The frozen model of what all groups have fitted.  @param costs of theirs, for the card */
export function freeze(task: TrainingTask & { fitted: readonly Fitted[]; costs: readonly Cost[] }): Trained {
  const cost = costSince(performance.now())
  const frozen = freezeModel(task.shards, task.spec, task.seed, task.fitted)
  const all = [...task.costs, cost()]
  const seconds = Math.round(1000 * all.reduce((sum, each) => sum + each.seconds, 0)) / 1000
  const peakMemoryMb = Math.max(...all.map((each) => each.peakMemoryMb))
  return { ...frozen, card: { ...frozen.card, cost: { seconds, peakMemoryMb } } }
}

const costSince = (from: number) => (): Cost => ({
  seconds: Math.round(performance.now() - from) / 1000,
  peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
})

/** The part of a shard's expectations that its realisation needs. */
type Expected = Pick<ExpectedBlock, 'measure' | 'yearsBefore' | 'mean' | 'sd' | 'expectedValue'>

/** The expectation of everyone with an index date, in the contract year and in every placebo year that counts.
 *  @returns the blocks, and what `realise` needs of them as bytes */
export function expect(
  task: ShardTask & {
    models: readonly FrozenModel[]
    better: Readonly<Record<string, Better>>
  },
): Transferred<{ blocks: ExpectedBlock[]; expected: Uint8Array }> {
  const { contract, better } = task
  const panel = panelOf(task.panel)
  const roster = rosterOf(contract, panel.partners, new Set(task.enrolled))
  const years = new Map<Admissions, ReturnType<typeof windowsOf>>()
  const blocks = blocksOf(panel, contract, roster).map((block) => {
    const outcome = outcomeOf(contract, block.measure)
    const { patient, indexOn: day, yearsElapsed } = block.admissions
    // columns shared by the outcomes of a year are computed once
    const windowAt = years.get(block.admissions) ?? windowsOf(panel, { patient, day })
    years.set(block.admissions, windowAt)
    const table = windowAt(block.measure)
    const health = healthOf(outcome, better[block.measure] as Better)
    const parts = [...new Set(yearsElapsed)].map((elapsed) => {
      const rows = rowsWhere(table.rows, (row) => yearsElapsed[row] === elapsed)
      const expecter = expecterOf(modelAfter(task.models, block.measure, elapsed))
      const asked = { patient: picked(patient, rows), day: picked(day, rows) }
      const learned = isOfReference(panel, contract, outcomeAfter(outcome, elapsed))
      const part = rows.length === table.rows ? table : tableRows(table, rows)
      const { mean, sd, quantiles, expected } = expecter.predictTable(
        part,
        modelChoice(panel, asked, learned, expecter.folds),
      )
      return { rows, columns: [mean, sd, expected(health), ...quantiles] }
    })
    const column = (at: number): Float64Array => {
      const values = new Float64Array(table.rows)
      for (const { rows, columns } of parts)
        rows.forEach((row, place) => (values[row] = quantised(columns[at]![place]!)))
      return values
    }
    return {
      ...block,
      targetOn: day.map((index, row) => index + horizonAfter(outcome, yearsElapsed[row]!)),
      mean: column(0),
      sd: column(1),
      expectedValue: column(2),
      quantiles: QUANTILES.map((_, quantile) => column(3 + quantile)),
    }
  })
  const columns = blocks.map(({ measure, yearsBefore, mean, sd, expectedValue }): Expected => ({
    measure,
    yearsBefore,
    mean,
    sd,
    expectedValue,
  }))
  return new Transferred({ blocks, expected: packed(columns) })
}

/** The realisation of every expectation, and the covariates for missing outcomes.
 *  @param expected of `expect`  @param patientKey of every patient of the panel
 *  @returns the blocks, and of each assessed year what `contribute` needs of them as bytes */
export function realise(
  task: ShardTask & {
    better: Readonly<Record<string, Better>>
    expected: Uint8Array
    patientKey: Int32Array
  },
): Transferred<{
  blocks: RealisedBlock[]
  years: { yearsBefore: number; bytes: Uint8Array }[]
  includedOnQuarterDays: Int32Array
  barred: Admissions['ineligible']
}> {
  const { contract, better } = task
  const panel = panelOf(task.panel)
  const roster = rosterOf(contract, panel.partners, new Set(task.enrolled))
  const all = blocksOf(panel, contract, roster)
  const expectations = unpacked(task.expected) as readonly Expected[]
  const blocks = all.map((block) => {
    const outcome = outcomeOf(contract, block.measure)
    const expected = expectations.find(
      ({ measure, yearsBefore }) => measure === block.measure && yearsBefore === block.yearsBefore,
    )
    invariant(
      expected?.mean.length === block.admissions.patient.length,
      `every admission of ${block.measure} has its expectation`,
    )
    const frame = frameOf(contract, block.yearsBefore)
    const realisations = realisationsOf(panel, block.admissions, outcome, frame)
    const health = healthOf(outcome, better[block.measure] as Better)
    return {
      ...block,
      ...realisations,
      ...gainsOf(health, realisations.realised, expected.expectedValue),
      facts: patientFactsOf(panel, block.admissions, outcome, frame, expected).values,
    }
  })
  return new Transferred({
    blocks,
    years: assessedYearsOf(contract).map((yearsBefore) => {
      const ofYear = blocks.filter((block) => block.yearsBefore === yearsBefore)
      return { yearsBefore, bytes: yearOfShard(ofYear, panel, task.patientKey) }
    }),
    includedOnQuarterDays: includedOnQuarterDaysOf(panel, contract, roster),
    barred: all[0]?.admissions.ineligible ?? { notMainPractitioner: 0, otherInsurer: 0 },
  })
}

/** The panel of a shard with the persons and values of one state of the data, and the enrolments and partners of another. */
export function mix({ values, attribution }: { values: Uint8Array; attribution: Uint8Array }): Uint8Array {
  return panelBytes(panelMix(panelOf(values), panelOf(attribution)))
}

/** The blocks of a contract in their order: the contract year first, outcome by outcome, then the placebo years that count. */
function blocksOf(panel: Panel, contract: Contract, roster: Roster): Block[] {
  return assessedYearsOf(contract).flatMap((yearsBefore) => {
    const outcomes = contract.outcomes.filter(
      (outcome) => yearsBefore === 0 || countingYearsOf(contract, outcome).includes(yearsBefore),
    )
    const admissions = admissionsOf(panel, contract, roster, frameOf(contract, yearsBefore))
    return outcomes.map(({ measure }) => ({ measure, yearsBefore, admissions }))
  })
}

const picked = (column: Int32Array, rows: Int32Array): Int32Array => rows.map((row) => column[row]!)

function modelAfter(models: readonly FrozenModel[], measure: string, elapsed: number): FrozenModel {
  const model = models.find((each) => each.measure === measure && each.yearsElapsed === elapsed)
  invariant(model, `a model of ${measure} after ${elapsed} years is frozen`)
  return model
}

const outcomeOf = (contract: Contract, measure: string) => {
  const outcome = contract.outcomes.find((each) => each.measure === measure)
  invariant(outcome, `${measure} is an outcome of the contract`)
  return outcome
}

// The same models serve every shard that this thread is given: opened once.
const opened = new Map<string, Expecter>()
const mostOpened = 8

function expecterOf({ modelId, bytes }: FrozenModel): Expecter {
  const known = opened.get(modelId)
  if (known) return known
  if (opened.size >= mostOpened) opened.clear()
  const expecter = loadExpecter(bytes)
  opened.set(modelId, expecter)
  return expecter
}
export const contribute = (task: Parameters<typeof contributionsInYear>[0]): Transferred<YearOfRegion> =>
  new Transferred(contributionsInYear(task))

export { settle, settleInFull } from './settle.ts'
