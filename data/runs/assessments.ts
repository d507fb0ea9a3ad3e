/** Expectations, realisations and contributions: appended in blocks of columns, one outcome in one assessed year of one
 *  shard at a time. Related rows are written in one transaction; readers are in assessed-years.ts. */
import type { PoolClient } from 'pg'
import { STATUSES } from '../../engine/assessment/assessment.ts'
import type { Contributions } from '../../engine/assessment/contribution.ts'
import type { Admissions } from '../../engine/assessment/eligibility.ts'
import { type Panel, SEXES } from '../../engine/panel/panel.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import { type CopyColumn, copyIn } from '../postgres/copy-in.ts'
import type { Store } from '../postgres/database.ts'
import type { Run } from './runs.ts'
import type { Transaction } from '../postgres/transaction.ts'

/** One outcome in one assessed year of one shard: a row per admitted patient. */
export interface Block {
  readonly measure: string
  /** 0: the contract year; 1 to 3: placebo years */
  readonly yearsBefore: number
  readonly admissions: Pick<
    Admissions,
    'patient' | 'partner' | 'practice' | 'indexOn' | 'yearsElapsed' | 'exposureDays'
  >
}

/** Predictive distributions, quantised, in the measure's unit; NaN in all columns where nothing could be predicted. */
export interface ExpectedBlock extends Block {
  /** epoch days */
  readonly targetOn: Int32Array
  readonly mean: Float64Array
  readonly sd: Float64Array
  /** 5, 10, 25, 50, 75, 90, 95 % */
  readonly quantiles: readonly Float64Array[]
  /** E[h(Y)], on the health scale */
  readonly expectedValue: Float64Array
}

/** Realisations, quantised; NaN and NEVER unless measured. */
export interface RealisedBlock extends Block {
  /** index in STATUSES */
  readonly status: Uint8Array
  readonly baseline: Float64Array
  readonly realised: Float64Array
  /** epoch days */
  readonly realisedOn: Int32Array
  readonly realisedValue: Float64Array
  readonly gain: Float64Array
  /** row-major, the same number of facts for every row */
  readonly facts: Float64Array
}

/** A shard of a run, and the panel that its blocks were computed from. */
export interface ShardOfRun {
  readonly run: Run
  readonly shard: number
  readonly panel: Pick<Panel, 'patientIds' | 'birthYear' | 'sex' | 'insurer'>
}

const QUANTILE_NAMES = ['q05', 'q10', 'q25', 'q50', 'q75', 'q90', 'q95'] as const

export async function appendExpectations(
  { client }: Transaction,
  of: ShardOfRun,
  blocks: readonly ExpectedBlock[],
): Promise<void> {
  const keyOf = await patientKeys(client, of)
  for (const block of blocks) {
    const { admissions, quantiles } = block
    const { patient } = admissions
    invariant(quantiles.length === QUANTILE_NAMES.length, 'a distribution has seven quantiles')
    const columns: Record<string, CopyColumn> = {
      ...(await keyColumns(client, of, block, keyOf)),
      partner_no: { kind: 'int2', values: admissions.partner },
      practice_no: { kind: 'int2', values: admissions.practice },
      insurer_no: { kind: 'int2', values: patient.map((at) => of.panel.insurer[at]!) },
      birth_year: { kind: 'int2', values: patient.map((at) => of.panel.birthYear[at]!) },
      sex: { kind: 'label', values: patient.map((at) => of.panel.sex[at]!), labels: SEXES },
      exposure_days: { kind: 'int4', values: admissions.exposureDays },
      index_on: { kind: 'date', values: admissions.indexOn },
      target_on: { kind: 'date', values: block.targetOn },
      years_elapsed: { kind: 'int2', values: Int32Array.from(admissions.yearsElapsed) },
      mean: { kind: 'float8', values: block.mean },
      sd: { kind: 'float8', values: block.sd },
      expected_value: { kind: 'float8', values: block.expectedValue },
    }
    QUANTILE_NAMES.forEach((name, at) => (columns[name] = { kind: 'float8', values: quantiles[at]! }))
    await copyIn(client, 'expectation', columns, patient.length)
  }
}

/** @param patientKey of every patient of the panel, where they are known already */
export async function appendRealisations(
  { client }: Transaction,
  of: ShardOfRun,
  blocks: readonly RealisedBlock[],
  patientKey?: Int32Array,
): Promise<void> {
  const keyOf = patientKey ?? (await patientKeys(client, of))
  for (const block of blocks) {
    const rows = block.admissions.patient.length
    const columns: Record<string, CopyColumn> = {
      ...(await keyColumns(client, of, block, keyOf)),
      status: { kind: 'label', values: block.status, labels: STATUSES },
      baseline: { kind: 'float8', values: block.baseline },
      realised: { kind: 'float8', values: block.realised },
      realised_on: { kind: 'date', values: block.realisedOn },
      realised_value: { kind: 'float8', values: block.realisedValue },
      gain: { kind: 'float8', values: block.gain },
      facts: { kind: 'float8[]', values: block.facts, width: rows === 0 ? 0 : block.facts.length / rows },
    }
    await copyIn(client, 'realisation', columns, rows)
  }
}

/** Contributions of one outcome in one assessed year over the whole region, in the order of `patientKey`; rows that
 *  are not eligible (NaN) are left out. */
export async function appendContributions(
  { client }: Transaction,
  run: Run,
  of: { readonly measure: string; readonly yearsBefore: number; readonly patientKey: Int32Array },
  contributions: Contributions,
): Promise<void> {
  const { measuredProbability, imputedGain, contribution } = contributions
  const eligible = of.patientKey
    .map((_, row) => row)
    .filter((row) => !Number.isNaN(measuredProbability[row]) || !Number.isNaN(contribution[row]))
  const numbers = indexNumbers(of.patientKey)
  const picked = (values: Float64Array) => Float64Array.from(eligible, (row) => values[row]!)
  await copyIn(
    client,
    'gain',
    {
      run_key: { kind: 'int4', values: run.runKey },
      measure_id: { kind: 'int2', values: await measureId(client, of.measure) },
      years_before: { kind: 'int2', values: of.yearsBefore },
      patient_key: { kind: 'int4', values: eligible.map((row) => of.patientKey[row]!) },
      index_no: { kind: 'int2', values: eligible.map((row) => numbers[row]!) },
      measured_probability: { kind: 'float8', values: picked(measuredProbability) },
      imputed_gain: { kind: 'float8', values: picked(imputedGain) },
      contribution: { kind: 'float8', values: picked(contribution) },
    },
    eligible.length,
  )
}

async function keyColumns(
  client: PoolClient,
  { run }: ShardOfRun,
  { measure, yearsBefore, admissions }: Block,
  keyOf: Int32Array,
): Promise<Record<string, CopyColumn>> {
  return {
    run_key: { kind: 'int4', values: run.runKey },
    measure_id: { kind: 'int2', values: await measureId(client, measure) },
    years_before: { kind: 'int2', values: yearsBefore },
    patient_key: { kind: 'int4', values: admissions.patient.map((at) => keyOf[at]!) },
    index_no: { kind: 'int2', values: indexNumbers(admissions.patient) },
  }
}

/** Which of its patient's index dates each row is, from 1: the rows of a patient follow each other. */
function indexNumbers(patient: Int32Array): Int32Array {
  const numbers = new Int32Array(patient.length)
  for (let row = 0; row < patient.length; row++)
    numbers[row] = row > 0 && patient[row] === patient[row - 1] ? numbers[row - 1]! + 1 : 1
  return numbers
}

/** The patient_key of every patient of the panel, in its order. */
export async function patientKeys(
  client: Pick<PoolClient, 'query'>,
  { run, shard, panel }: ShardOfRun,
): Promise<Int32Array> {
  const { rows } = await client.query<[string, number]>({
    text: 'select patient_id, patient_key from patient where region_id = $1 and shard = $2',
    values: [run.regionId, shard],
    rowMode: 'array',
  })
  const keys = new Map(rows)
  return Int32Array.from(panel.patientIds, (id) => {
    const key = keys.get(id)
    invariant(key !== undefined, `patient ${id} of the panel is in the store`)
    return key
  })
}

/** Updates the planner's statistics for rows just written: otherwise the first readers get plans for empty tables. */
export async function analyseAssessments(
  store: Pick<Store, 'pool'>,
  ...tables: readonly ('expectation' | 'realisation' | 'gain')[]
): Promise<void> {
  await store.pool.query(`analyze ${tables.join(', ')}`)
}

/** The number of a measure; a new measure gets its number here. */
async function measureId(client: PoolClient, measure: string): Promise<number> {
  const find = () => client.query<{ id: number }>('select measure_id as id from measure_key where key = $1', [measure])
  const known = (await find()).rows[0]
  if (known) return known.id
  await client.query('insert into measure_key (key) values ($1) on conflict do nothing', [measure])
  const { rows } = await find()
  invariant(rows[0], `measure ${measure} has a number`)
  return rows[0].id
}
