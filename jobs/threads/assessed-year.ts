/** One assessed year over the whole region, in a thread: its shards put into the order of patients, and what everybody contributes. */
import type { SettlementInput } from '../../engine/assessment/assessment.ts'
import type { Contract } from '../../engine/contract/contract.ts'
import { contributionsOf, measuredAmongControlsOf, type Contributions } from '../../engine/assessment/contribution.ts'
import type { FactColumn, Facts } from '../../engine/assessment/facts.ts'
import { factColumnsOf, factsIn, factsOf } from '../../engine/assessment/patient-facts.ts'
import { settlementOf } from '../../engine/settlement/settlement.ts'
import type { Settlement } from '../../engine/settlement/statement.ts'
import type { RealisedBlock } from '../../data/runs/assessments.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import { fitsInSingle, narrowed, type NarrowColumn, widen } from '../../data/columns/narrow.ts'
import { packed, unpacked } from '../../data/columns/packed.ts'
import { textColumn, textsOf, type TextColumn } from '../../data/columns/text-column.ts'

/** One assessed year of one shard, as the stage that realises it hands it over: a row per admitted patient, ascending by patient_id. */
export interface YearOfShard {
  readonly patientIds: TextColumn
  readonly patientKey: Int32Array
  /** indices in the run's partners and insurers */
  readonly partner: Int32Array
  readonly practice: Int32Array
  readonly insurer: Int32Array
  readonly exposureDays: Int32Array
  /** those of the contract's outcomes for which the year counts, in their order */
  readonly outcomes: readonly {
    readonly measure: string
    readonly status: Uint8Array
    readonly gain: NarrowColumn
    /** in the order of engine/patient-facts.ts */
    readonly facts: readonly NarrowColumn[]
  }[]
}

/** The same over the region, with contributions in place of the facts they were made from. */
export interface YearOfRegion extends Omit<YearOfShard, 'patientIds' | 'outcomes'> {
  readonly outcomes: readonly (OutcomeOfRegion & {
    readonly contributions: Contributions
    /** as in engine/assessment.ts; null too in a placebo year */
    readonly measuredAmongControls: Float64Array | null
  })[]
}

interface OutcomeOfRegion {
  readonly measure: string
  readonly status: Uint8Array
  readonly gain: Float64Array
}

/** The blocks of one year of a shard as bytes; every block of a year has the same admissions. */
export function yearOfShard(
  blocks: readonly RealisedBlock[],
  panel: { readonly patientIds: readonly string[]; readonly insurer: Int32Array },
  patientKey: Int32Array,
): Uint8Array {
  const { patient, partner, practice, exposureDays } = blocks[0]!.admissions
  return packed({
    patientIds: textColumn(Array.from(patient, (at) => panel.patientIds[at]!)),
    patientKey: patient.map((at) => patientKey[at]!),
    partner,
    practice,
    insurer: patient.map((at) => panel.insurer[at]!),
    exposureDays,
    outcomes: blocks.map(({ measure, status, gain, facts }) => {
      const columns = factColumnsOf(status.length, facts)
      return { measure, status, gain: narrowed(gain), facts: columns.map(narrowed) }
    }),
  } satisfies YearOfShard)
}

/** What everybody contributes in one year. The list of shards is emptied, so that their bytes can go while the regressions run.
 *  @param controlPartners indices in the run's partners; null in a placebo year  @param shards `yearOfShard` of each */
export function contribute(task: {
  readonly contract: Contract
  readonly controlPartners: readonly number[] | null
  readonly shards: Uint8Array[]
}): YearOfRegion {
  return contributedIn(task.contract, task.controlPartners, togetherOf(task.shards.splice(0)))
}

/** The settlement of years that are read back from the store, as where one patient of them is changed. */
export function settleYears(task: {
  readonly input: Omit<SettlementInput, 'contractYear' | 'placeboYears'>
  readonly years: readonly AssessedYear[]
}): Settlement {
  const { contract, controlPartners } = task.input
  const years = task.years.map((year) => {
    const outcomes = year.outcomes.map(({ facts, ...outcome }) => ({
      ...outcome,
      ...factsOf(outcome.status.length, facts),
    }))
    const controls = year.yearsBefore === 0 ? controlPartners : null
    return {
      yearsBefore: year.yearsBefore,
      ...contributedIn(contract, controls, { ...year, outcomes, patientKey: nobody }),
    }
  })
  const measures = contract.outcomes.map(({ measure }) => measure)
  return settlementOf({ ...task.input, ...assessedIn(years, measures) })
}

// nothing of such a settlement is appended
const nobody = new Int32Array(0)

/** A year as `settleYears` takes it, facts row-major as in engine/patient-facts.ts. */
export type AssessedYear = Omit<YearOfShard, 'patientIds' | 'patientKey' | 'outcomes'> & {
  readonly yearsBefore: number
  readonly outcomes: readonly (OutcomeOfRegion & { readonly facts: Float64Array })[]
}

/** A year of the region, ascending by patient_id. */
type OrderedYear = Omit<YearOfShard, 'patientIds' | 'outcomes'> & {
  readonly outcomes: readonly (OutcomeOfRegion & { readonly known: Facts; readonly interim: Facts })[]
}

function contributedIn(
  contract: Contract,
  controlPartners: readonly number[] | null,
  { patientKey, partner, practice, insurer, exposureDays, outcomes }: OrderedYear,
): YearOfRegion {
  const isControl = new Uint8Array(1 + Math.max(-1, ...(controlPartners ?? [])))
  for (const control of controlPartners ?? []) isControl[control] = 1
  return {
    patientKey,
    partner,
    practice,
    insurer,
    exposureDays,
    outcomes: outcomes.map(({ measure, status, gain, known, interim }) => ({
      measure,
      status,
      gain,
      contributions: contributionsOf(status, gain, known, interim, contract.missing),
      measuredAmongControls: controlPartners && measuredAmongControlsOf(status, known, partner, isControl),
    })),
  }
}

/** The shards, `yearOfShard` of each, in one order. */
function togetherOf(packedShards: readonly Uint8Array[]): OrderedYear {
  const shards = packedShards.map((bytes) => unpacked<YearOfShard>(bytes))
  const order = orderOf(shards.map(({ patientIds }) => patientIds))
  const ints = (of: (shard: YearOfShard) => Int32Array) => gathered(order, shards.map(of), new Int32Array(order.length))
  return {
    patientKey: ints((shard) => shard.patientKey),
    partner: ints((shard) => shard.partner),
    practice: ints((shard) => shard.practice),
    insurer: ints((shard) => shard.insurer),
    exposureDays: ints((shard) => shard.exposureDays),
    outcomes: (shards[0]?.outcomes ?? []).map(({ measure, facts }, at) => {
      const columns = shards.map(({ outcomes }) => outcomes[at]!)
      return {
        measure,
        status: gathered(order, columns.map(({ status }) => status), new Uint8Array(order.length)), // prettier-ignore
        gain: widenedIn(order, columns.map(({ gain }) => gain), new Float64Array(order.length)), // prettier-ignore
        ...factsIn(facts.map((_, fact) => factIn(order, columns.map((outcome) => outcome.facts[fact]!)))), // prettier-ignore
      }
    }),
  }
}

/** The assessed years as a settlement looks at them: the contract year outcome by outcome; of a year before, who was there and what counts. */
export function assessedIn(
  years: readonly (YearOfRegion & { readonly yearsBefore: number })[],
  measures: readonly string[],
): Pick<SettlementInput, 'contractYear' | 'placeboYears'> {
  const [contractYear, ...before] = years
  invariant(contractYear?.yearsBefore === 0, 'the contract year comes first')
  const { partner, practice, insurer, exposureDays, outcomes } = contractYear
  return {
    contractYear: {
      partner,
      practice,
      insurer,
      exposureDays,
      outcomes: outcomes.map(({ status, gain, contributions: { contribution }, measuredAmongControls }) => ({
        status,
        gain,
        contribution,
        measuredAmongControls,
      })),
    },
    // a year that nobody was there for is not assessed
    placeboYears: before
      .filter((year) => year.partner.length > 0)
      .map((year) => ({
        yearsBefore: year.yearsBefore,
        partner: year.partner,
        practice: year.practice,
        contributions: measures.map(
          (measure) => year.outcomes.find((outcome) => outcome.measure === measure)?.contributions.contribution ?? null,
        ),
      })),
  }
}

/** The buffers of years that a settlement alone looks at (and nobody who appends contributions): they may move to where it is computed. */
export const settledBuffers = (years: readonly YearOfRegion[]): ArrayBuffer[] =>
  years
    .flatMap(({ partner, practice, insurer, exposureDays, outcomes }) => [
      partner,
      practice,
      insurer,
      exposureDays,
      ...outcomes.flatMap(({ status, gain, measuredAmongControls }) => [status, gain, measuredAmongControls]),
    ])
    .flatMap((array) => (array === null ? [] : [array.buffer as ArrayBuffer]))

/** Where the rows of each shard go. */
interface Order {
  readonly length: number
  /** row in the region of every row of a shard, ascending */
  readonly places: readonly Int32Array[]
}

/** Rows by patient_id (code units): every shard ascends by itself, so the least of their heads is always next. */
function orderOf(shards: readonly TextColumn[]): Order {
  const places = shards.map(({ ends }) => new Int32Array(ends.length))
  const length = places.reduce((sum, rows) => sum + rows.length, 0)
  const texts = shards.map(textsOf)
  // shards that have a head, ascending by it
  const heads = shards.flatMap(({ ends }, shard): Head[] =>
    ends.length === 0 ? [] : [{ shard, row: 0, id: texts[shard]!(0) }],
  )
  heads.sort((a, b) => (a.id < b.id ? -1 : 1))
  for (let next = 0; next < length; next++) {
    const least = heads[0]!
    const rows = places[least.shard]!
    rows[least.row++] = next
    if (least.row === rows.length) heads.shift()
    else {
      least.id = texts[least.shard]!(least.row)
      sink(heads)
    }
  }
  return { length, places }
}

/** The first patient of a shard that has no place yet. */
interface Head {
  readonly shard: number
  row: number
  id: string
}

/** Puts the first of the heads, which has moved on, back into its place. */
function sink(heads: Head[]): void {
  const moved = heads[0]!
  let [low, high] = [1, heads.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (heads[middle]!.id < moved.id) low = middle + 1
    else high = middle
  }
  for (let place = 1; place < low; place++) heads[place - 1] = heads[place]!
  heads[low - 1] = moved
}

function gathered<A extends Uint8Array | Int32Array>({ places }: Order, columns: readonly A[], out: A): A {
  columns.forEach((column, s) => {
    const rows = places[s]!
    for (let row = 0; row < rows.length; row++) out[rows[row]!] = column[row]!
  })
  return out
}

function widenedIn<A extends FactColumn>({ places }: Order, columns: readonly NarrowColumn[], out: A): A {
  columns.forEach((column, s) => widen(column, places[s]!, out))
  return out
}

const factIn = (order: Order, columns: readonly NarrowColumn[]): FactColumn =>
  widenedIn(order, columns, new (columns.every(fitsInSingle) ? Float32Array : Float64Array)(order.length))
