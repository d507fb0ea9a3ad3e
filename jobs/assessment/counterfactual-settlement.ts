/** A settlement of other inputs than any run had: the panels of one run, the enrolments of another, models and contract of either. What it pays is
 *  computed as a run does it; nothing is stored, and no amount beside the payment is told. */
import { invariant } from '../../engine/kernel/refusal.ts'
import { rosterOf, indicesOf } from '../../engine/panel/roster.ts'
import { SHARDS } from '../../engine/panel/panel.ts'
import type { Contract } from '../../engine/contract/contract.ts'
import type { Settlement } from '../../engine/settlement/statement.ts'
import { readQuality } from '../../data/region/quality.ts'
import { readParties } from '../../data/runs/runs.ts'
import { readPanelBytes } from '../../data/snapshot/snapshot.ts'
import { panelOf } from '../../data/columns/panel-bytes.ts'
import type { Admissions } from '../../engine/assessment/eligibility.ts'
import type { AssessedYear } from '../threads/assessed-year.ts'
import type { RunContext, Tools } from './run-context.ts'
import type { FrozenModel } from '../threads/tasks.ts'

/** Where each input of a settlement comes from. */
export interface Inputs {
  readonly values: RunContext
  readonly attribution: RunContext
  readonly models: readonly FrozenModel[]
  readonly contract: Contract
}

/** One outcome in one assessed year; a row per admitted patient, ascending by patient_id within a shard. */
interface RestatedBlock {
  readonly measure: string
  readonly yearsBefore: number
  readonly patientIds: readonly string[]
  readonly partner: Int32Array
  readonly practice: Int32Array
  readonly insurer: Int32Array
  readonly exposureDays: Int32Array
  readonly status: Uint8Array
  readonly gain: Float64Array
  readonly facts: Float64Array
}

interface RestatedShard {
  readonly blocks: readonly RestatedBlock[]
  /** the same in every shard */
  readonly insurers: readonly string[]
  readonly barred: Admissions['barred']
}

export async function restated(tools: Tools, inputs: Inputs, signal?: AbortSignal): Promise<Settlement> {
  const { store, threads } = tools
  const { values, attribution, models, contract } = inputs
  const shards: RestatedShard[] = []
  // as many panels in memory as there are threads to work on them
  for (let first = 0; first < SHARDS; first += threads.threads) {
    const next = Array.from({ length: Math.min(threads.threads, SHARDS - first) }, (_, at) => first + at)
    shards.push(...(await Promise.all(next.map((shard) => restatedShard(tools, inputs, shard, signal)))))
  }
  const years = yearsOf(contract, shards)
  const { partners } = await readParties(store, attribution.run.runId)
  const roster = rosterOf(contract, partners, new Set(attribution.enrolled))
  const sum = (count: (shard: RestatedShard) => number) => shards.reduce((total, shard) => total + count(shard), 0)
  const none = roster.partnerIds.map(() => 0)
  const { runId, asOf, engineVersion, datasetSha256, contractSha256 } = values.run
  const input = {
    settlementId: runId,
    asOf,
    engineVersion,
    datasetSha256,
    contractSha256,
    modelIds: Object.fromEntries(models.map(({ measure, modelId }) => [measure, modelId])),
    contract,
    better: values.better,
    partnerIds: roster.partnerIds,
    contractPartners: indicesOf(roster.contract),
    controlPartners: indicesOf(roster.control),
    insurers: shards[0]!.insurers,
    barred: {
      notMainPractitioner: sum(({ barred }) => barred.notMainPractitioner),
      otherInsurer: sum(({ barred }) => barred.otherInsurer),
    },
    quality: await readQuality(store, values.run.regionId, values.run.asOf),
    beside: { perProcedureCents: none, includedOnQuarterDays: none },
  }
  return await threads.run('settleYears', { input, years }, { ...(signal && { signal }) })
}

async function restatedShard(
  { store, threads }: Tools,
  { values, attribution, models, contract }: Inputs,
  shard: number,
  signal?: AbortSignal,
): Promise<RestatedShard> {
  const programme = values.programme.programme
  const more = { ...(signal && { signal }) }
  const own = await readPanelBytes(store, { ...values.run, programme, shard })
  const isMixed = values.run.datasetSha256 !== attribution.run.datasetSha256
  const bytes = isMixed
    ? await threads.run(
        'mix',
        { values: own, attribution: await readPanelBytes(store, { ...attribution.run, programme, shard }) },
        more,
      )
    : own
  const task = { panel: bytes, contract, enrolled: attribution.enrolled, better: values.better }
  const { expected } = await threads.run('expect', { ...task, models }, more)
  const { blocks, barred } = await threads.run(
    'realise',
    { ...task, expected, patientKey: new Int32Array(panelOf(bytes).patientIds.length) },
    more,
  )
  const { patientIds, insurer, insurers } = panelOf(bytes)
  return {
    insurers,
    barred,
    blocks: blocks.map(({ measure, yearsBefore, admissions, status, gain, facts }) => ({
      measure,
      yearsBefore,
      patientIds: Array.from(admissions.patient, (at) => patientIds[at]!),
      partner: admissions.partner,
      practice: admissions.practice,
      insurer: admissions.patient.map((at) => insurer[at]!),
      exposureDays: admissions.exposureDays,
      status,
      gain,
      facts,
    })),
  }
}

/** The blocks of all shards as years over the region, ascending by patient_id, as the settlement reads them. */
function yearsOf({ outcomes }: Contract, shards: readonly RestatedShard[]): AssessedYear[] {
  const blocks = shards.flatMap((shard) => shard.blocks)
  const years = [...new Set(blocks.map(({ yearsBefore }) => yearsBefore))].sort((a, b) => a - b)
  return years.flatMap((yearsBefore) => {
    const assessed = outcomes.flatMap(({ measure }) => {
      const parts = blocks.filter((block) => block.measure === measure && block.yearsBefore === yearsBefore)
      return parts.length === 0 ? [] : [wholeOf(parts)]
    })
    const [first] = assessed
    invariant(first, 'a year that is assessed has an outcome')
    // as in a run: a placebo year in which nobody was enrolled is not there
    if (first.patientIds.length === 0 && yearsBefore > 0) return []
    const { partner, practice, insurer, exposureDays } = first
    return [{ yearsBefore, partner, practice, insurer, exposureDays, outcomes: assessed }]
  })
}

/** Blocks of one outcome and year, one after the other, in the order of their patients. */
function wholeOf(parts: readonly RestatedBlock[]): RestatedBlock {
  const [first] = parts
  invariant(first, 'an outcome has a block in every shard')
  const ids = parts.flatMap(({ patientIds }) => patientIds)
  const order = [...ids.keys()].sort((a, b) => (ids[a]! < ids[b]! ? -1 : 1))
  const ints = (of: (part: RestatedBlock) => Int32Array) => {
    const all = parts.flatMap((part) => [...of(part)])
    return Int32Array.from(order, (at) => all[at]!)
  }
  const status = parts.flatMap((part) => [...part.status])
  const gain = parts.flatMap((part) => [...part.gain])
  return {
    measure: first.measure,
    yearsBefore: first.yearsBefore,
    patientIds: order.map((at) => ids[at]!),
    partner: ints((part) => part.partner),
    practice: ints((part) => part.practice),
    insurer: ints((part) => part.insurer),
    exposureDays: ints((part) => part.exposureDays),
    status: Uint8Array.from(order, (at) => status[at]!),
    gain: Float64Array.from(order, (at) => gain[at]!),
    facts: factsInOrder(parts, order),
  }
}

function factsInOrder(parts: readonly RestatedBlock[], order: readonly number[]): Float64Array {
  const rows = order.length
  const length = parts.reduce((sum, { facts }) => sum + facts.length, 0)
  const width = rows === 0 ? 0 : length / rows
  const all = new Float64Array(length)
  let at = 0
  for (const { facts } of parts) {
    all.set(facts, at)
    at += facts.length
  }
  const ordered = new Float64Array(length)
  order.forEach((from, to) => ordered.set(all.subarray(from * width, (from + 1) * width), to * width))
  return ordered
}
