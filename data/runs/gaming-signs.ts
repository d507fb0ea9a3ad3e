/** The input of the gaming detectors, read from the frozen panels of a run when a statement is written; it is not stored. */
import type { Signs } from '../../engine/gaming/signals.ts'
import { panelSignsOf, type OutcomeSigns, type PanelSigns } from '../../engine/gaming/panel-signs.ts'
import { noDigits, type DigitCounts } from '../../engine/gaming/digits.ts'
import type { Contract } from '../../engine/contract/contract.ts'
import { admissionsOf } from '../../engine/assessment/eligibility.ts'
import { countingYearsOf, frameOf } from '../../engine/assessment/assessed-years.ts'
import { SHARDS } from '../../engine/panel/panel.ts'
import type { Better } from '../../engine/contract/programme.ts'
import { rosterOf } from '../../engine/panel/roster.ts'
import { copyOut } from '../postgres/copy-out.ts'
import type { Store } from '../postgres/database.ts'
import { enrolledPartnerIds } from '../region/enrolled-partners.ts'
import type { Run } from './runs.ts'
import { readPanel } from '../snapshot/snapshot.ts'

/** The signs of every patient of contract and control partners, over the whole region.
 *  @returns with the partners that their indices are of */
export async function readGamingSigns(
  store: Pick<Store, 'db' | 'pool'>,
  run: Run,
  contract: Contract,
  better: Readonly<Record<string, Better>>,
): Promise<{ readonly signs: Signs; readonly partnerIds: readonly string[] }> {
  const enrolled = new Set(await enrolledPartnerIds(store, run.regionId, run.asOf, contract.programme))
  const risks = await readRisks(store, run, contract)
  const [now, before]: [PanelSigns[], PanelSigns[]] = [[], []]
  let partnerIds: readonly string[] = []
  for (let shard = 0; shard < SHARDS; shard++) {
    const panel = await readPanel(store, { ...run, programme: contract.programme, shard })
    const roster = rosterOf(contract, panel.partners, enrolled)
    partnerIds = roster.partnerIds
    const signsIn = (years: number): PanelSigns => {
      const frame = frameOf(contract, years)
      return panelSignsOf(panel, contract, admissionsOf(panel, contract, roster, frame), frame, better)
    }
    now.push(signsIn(0))
    before.push(signsIn(1))
  }
  const ids = now.flatMap(({ patientIds }) => patientIds)
  const signs: Signs = {
    partner: ints(now.map(({ partner }) => partner)),
    practice: ints(now.map(({ practice }) => practice)),
    risk: Float64Array.from(ids, (id) => risks.get(id) ?? NaN),
    left: bytes(now.map(({ left }) => left)),
    isNew: bytes(now.map(({ isNew }) => isNew)),
    conditionGrowth: floats(now.map(({ conditionGrowth }) => conditionGrowth)),
    outcomes: contract.outcomes.map((outcome, k) => {
      const own = now.map(({ outcomes }) => outcomes[k]!)
      const counts = countingYearsOf(contract, outcome).includes(1)
      return {
        measure: outcome.measure,
        baselines: baselinesOf(own),
        offsetDays: floats(own.map(({ offsetDays }) => offsetDays)),
        before: counts
          ? {
              partner: ints(before.map(({ partner }) => partner)),
              practice: ints(before.map(({ practice }) => practice)),
              baselines: baselinesOf(before.map(({ outcomes }) => outcomes[k]!)),
              offsetDays: floats(before.map(({ outcomes }) => outcomes[k]!.offsetDays)),
            }
          : null,
        digits: partnerIds.map((_, partner) => ({
          now: summed(own.map(({ digits }) => digits[partner]!.now)),
          before: summed(own.map(({ digits }) => digits[partner]!.before)),
        })),
      }
    }),
  }
  return { signs, partnerIds }
}

/** The expectation of each patient over all outcomes, weighted by price; higher is worse. */
async function readRisks(
  store: Pick<Store, 'pool'>,
  { runKey }: Run,
  { outcomes }: Contract,
): Promise<ReadonlyMap<string, number>> {
  const risks = new Map<string, number>()
  const client = await store.pool.connect()
  try {
    for (const { measure, priceEur } of outcomes) {
      const { rows } = await client.query<{ id: number }>('select measure_id as id from measure_key where key = $1', [
        measure,
      ])
      await copyOut(
        client,
        `select w.patient_id, e.expected_value from expectation e join patient w using (patient_key)
          where e.run_key = ${runKey} and e.measure_id = ${rows[0]?.id ?? 0} and e.years_before = 0`,
        ['text', 'float8'],
        ({ rows: count, texts, numbers }) => {
          for (let row = 0; row < count; row++) {
            const id = texts[0]![row]!
            risks.set(id, (risks.get(id) ?? 0) - priceEur * numbers[1]![row]!)
          }
        },
      )
    }
  } finally {
    client.release()
  }
  return risks
}

const baselinesOf = (signs: readonly OutcomeSigns[]): Signs['outcomes'][number]['baselines'] => ({
  baseline: floats(signs.map(({ baselines }) => baselines.baseline)),
  earlier: floats(signs.map(({ baselines }) => baselines.earlier)),
  gapDays: floats(signs.map(({ baselines }) => baselines.gapDays)),
})

function summed(counts: readonly DigitCounts[]): DigitCounts {
  const total = noDigits()
  for (const { digits, whole, readings } of counts) {
    digits.forEach((count, at) => (total.digits[at]! += count))
    whole.forEach((count, at) => (total.whole[at]! += count))
    total.readings += readings
  }
  return total
}

function floats(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

const ints = (parts: readonly Int32Array[]): Int32Array => Int32Array.from(parts.flatMap((part) => [...part]))
const bytes = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]))
