/** One assessed year over the whole region, in a thread: its shards put into the order of patients, and what everybody contributes. */
import type { SettlementInput } from '../engine/assessment.ts'
import type { Contract } from '../engine/contract.ts'
import { contributionsOf, measuredAmongControlsOf, type Contributions } from '../engine/contribution.ts'
import { factsOf } from '../engine/patient-facts.ts'
import { settlementOf } from '../engine/settlement.ts'
import type { Settlement } from '../engine/statement.ts'
import type { RealisedBlock } from '../data/assessments.ts'
import { invariant } from '../engine/refusal.ts'
import { packed, unpacked } from '../data/packed.ts'

/** One assessed year of one shard, as the stage that realises it hands it over: a row per admitted patient, ascending by patient_id. */
export interface YearOfShard {
  readonly patientIds: readonly string[]
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
    readonly gain: Float64Array
    /** row-major, as in engine/patient-facts.ts */
    readonly facts: Float64Array
  }[]
}

/** The same over the region, with contributions in place of the facts they were made from. */
export interface YearOfRegion extends Omit<YearOfShard, 'patientIds' | 'outcomes'> {
  readonly outcomes: readonly (Omit<YearOfShard['outcomes'][number], 'facts'> & {
    readonly contributions: Contributions
    /** as in engine/assessment.ts; null too in a placebo year */
    readonly measuredAmongControls: Float64Array | null
  })[]
}

/** The blocks of one year of a shard as bytes; every block of a year has the same admissions. */
export function yearOfShard(
  blocks: readonly RealisedBlock[],
  panel: { readonly patientIds: readonly string[]; readonly insurer: Int32Array },
  patientKey: Int32Array,
): Uint8Array {
  const { patient, partner, practice, exposureDays } = blocks[0]!.admissions
  return packed({
    patientIds: Array.from(patient, (at) => panel.patientIds[at]!),
    patientKey: patient.map((at) => patientKey[at]!),
    partner,
    practice,
    insurer: patient.map((at) => panel.insurer[at]!),
    exposureDays,
    outcomes: blocks.map(({ measure, status, gain, facts }) => ({ measure, status, gain, facts })),
  } satisfies YearOfShard)
}

/** What everybody contributes in one year.
 *  @param controlPartners indices in the run's partners; null in a placebo year  @param shards `yearOfShard` of each */
export function contribute(task: {
  readonly contract: Contract
  readonly controlPartners: readonly number[] | null
  readonly shards: readonly Uint8Array[]
}): YearOfRegion {
  const shards = task.shards.map((bytes) => unpacked<YearOfShard>(bytes))
  return contributedIn(task.contract, task.controlPartners, togetherOf(shards))
}

/** The settlement of years that are read back from the store, as where one patient of them is changed. */
export function settleYears(task: {
  readonly input: Omit<SettlementInput, 'contractYear' | 'placeboYears'>
  readonly years: readonly AssessedYear[]
}): Settlement {
  const { contract, controlPartners } = task.input
  const years = task.years.map((year) => ({
    yearsBefore: year.yearsBefore,
    ...contributedIn(contract, year.yearsBefore === 0 ? controlPartners : null, { ...year, patientKey: nobody }),
  }))
  const measures = contract.outcomes.map(({ measure }) => measure)
  return settlementOf({ ...task.input, ...assessedIn(years, measures) })
}

// nothing of such a settlement is appended
const nobody = new Int32Array(0)

/** A year as `settleYears` takes it. */
export type AssessedYear = Omit<OrderedYear, 'patientKey'> & { readonly yearsBefore: number }

/** A year of the region, ascending by patient_id. */
type OrderedYear = Omit<YearOfShard, 'patientIds'>

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
    outcomes: outcomes.map(({ measure, status, gain, facts }) => {
      const { known, interim } = factsOf(status.length, facts)
      return {
        measure,
        status,
        gain,
        contributions: contributionsOf(status, gain, known, interim, contract.missing),
        measuredAmongControls: controlPartners && measuredAmongControlsOf(status, known, partner, isControl),
      }
    }),
  }
}

/** The shards in one order. */
function togetherOf(shards: readonly YearOfShard[]): OrderedYear {
  const order = orderOf(shards)
  const ints = (of: (shard: YearOfShard) => Int32Array) => gathered(order, shards.map(of), new Int32Array(order.length))
  return {
    patientKey: ints((shard) => shard.patientKey),
    partner: ints((shard) => shard.partner),
    practice: ints((shard) => shard.practice),
    insurer: ints((shard) => shard.insurer),
    exposureDays: ints((shard) => shard.exposureDays),
    outcomes: (shards[0]?.outcomes ?? []).map(({ measure }, at) => {
      const columns = shards.map(({ outcomes }) => outcomes[at]!)
      return {
        measure,
        status: gathered(order, columns.map(({ status }) => status), new Uint8Array(order.length)), // prettier-ignore
        gain: gathered(order, columns.map(({ gain }) => gain), new Float64Array(order.length)), // prettier-ignore
        facts: factsIn(order, shards, at),
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

/** Where each row of the region lies. */
interface Order {
  readonly length: number
  readonly shard: Uint8Array
  readonly row: Int32Array
}

/** Rows by patient_id (code units): every shard ascends by itself, so the least of their heads is always next. */
function orderOf(shards: readonly YearOfShard[]): Order {
  const length = shards.reduce((sum, { patientIds }) => sum + patientIds.length, 0)
  const [shard, row] = [new Uint8Array(length), new Int32Array(length)]
  const heads = shards.map(() => 0)
  for (let at = 0; at < length; at++) {
    let least = -1
    for (let s = 0; s < shards.length; s++) {
      const head = shards[s]!.patientIds[heads[s]!]
      if (head !== undefined && (least < 0 || head < shards[least]!.patientIds[heads[least]!]!)) least = s
    }
    shard[at] = least
    row[at] = heads[least]!++
  }
  return { length, shard, row }
}

function gathered<A extends Uint8Array | Int32Array | Float64Array>(order: Order, columns: readonly A[], out: A): A {
  for (let at = 0; at < order.length; at++) out[at] = columns[order.shard[at]!]![order.row[at]!]!
  return out
}

function factsIn(order: Order, shards: readonly YearOfShard[], outcome: number): Float64Array {
  const columns = shards.map(({ outcomes }) => outcomes[outcome]!.facts)
  const width = columns.reduce((sum, { length }) => sum + length, 0) / Math.max(1, order.length)
  const facts = new Float64Array(order.length * width)
  for (let at = 0; at < order.length; at++) {
    const [from, row] = [columns[order.shard[at]!]!, order.row[at]!]
    for (let k = 0; k < width; k++) facts[at * width + k] = from[row * width + k]!
  }
  return facts
}
