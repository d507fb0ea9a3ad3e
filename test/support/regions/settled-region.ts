/** A settled region in the store without its computation, for tests of access. */
import { appendContributions, appendExpectations, appendRealisations } from '../../../data/runs/assessments.ts'
import { readAssessedYears } from '../../../data/runs/assessed-years.ts'
import { appendCells } from '../../../data/runs/cells.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { appendModel, linkModel } from '../../../data/runs/models.ts'
import { registerModel } from '../../../data/settlements/model-registry.ts'
import { appendSettlement } from '../../../data/settlements/settlements.ts'
import { inTransaction } from '../../../data/postgres/transaction.ts'
import { MEASURED, MISSING } from '../../../engine/assessment/assessment.ts'
import { epochDayOf, NEVER } from '../../../engine/kernel/calendar.ts'
import { settlementText, type PartnerStatement, type Settlement } from '../../../engine/settlement/statement.ts'
import type { Panel } from '../../../engine/panel/panel.ts'
import { cards, partnerOf, settlementOf } from '../settlements/report-example.ts'
import { type RegionRun, regionRun } from './region-run.ts'
import { sha256 } from '../settlements/sha256.ts'

/** How many patients each partner has; p03 is a small panel, p90 a control partner. */
export const SIZES = { p01: 60, p02: 40, p03: 12, p90: 40 } as const
const partnerIds = Object.keys(SIZES) as (keyof typeof SIZES)[]

export interface SettledRegion {
  readonly world: RegionRun
  readonly settlement: Settlement
}

/** Delivers and settles a region; its contract has the region's name. Half of p01's patients are insured by 7095, all others by 3311.
 *  @param mark ends the id of every patient and the name of every partner, to know them again */
export async function settledRegion(store: Store, region: string, mark = ''): Promise<SettledRegion> {
  const patients = partnerIds.flatMap((partner) =>
    Array.from({ length: SIZES[partner] }, (_, i) => ({
      partner,
      id: `${partner}-${String(i).padStart(3, '0')}${mark}`,
      i,
    })),
  )
  const world = await regionRun(
    store,
    region,
    {
      partners: partnerIds.map((id) => [id, `Praktijk <b>${id}</b>${mark}`, 'gp_practice']),
      patients: patients.map(({ id, i, partner }) => [
        id,
        1940 + (i % 4) * 10,
        i % 2 === 0 ? 'm' : 'f',
        partner === 'p01' && i % 4 < 2 ? '7095' : '3311',
      ]),
      enrolments: patients.map(({ id, partner }) => [id, 'dm2', partner, '2020-01-01']),
      observations: patients.map(({ id }) => [id, 'hba1c', '2024-11-01', 55]),
    },
    ['hba1c', 'sbp'],
    ['p90'],
  )
  await assess(store, world)
  for (const card of cards) {
    const { measure } = card.spec
    const modelId = sha256(`${region} ${measure}`)
    await appendModel(store, { modelId, measure, programme: 'dm2', bytes: new Uint8Array(1), card })
    const judged = { modelId, learnedUntil: '2024-12-31', holds: true, finding: 'the checks hold' } as const
    await registerModel(store, judged, { by: 'winst', on: world.run.asOf })
    await linkModel(store, world.run.runId, measure, modelId)
  }
  const settlement = documentOf(region, world)
  await inTransaction(store, async (transaction) => {
    await appendSettlement(transaction, world.run, settlement, settlementText(settlement), 'analyst:ann')
  })
  return { world, settlement }
}

function documentOf(region: string, { run }: RegionRun): Settlement {
  const paidBy = (partner: PartnerStatement): PartnerStatement => {
    const half = Math.round(partner.payment_cents / 2)
    const all = [{ insurer: '3311', cents: partner.payment_cents }]
    const shared = [
      { insurer: '3311', cents: partner.payment_cents - half },
      { insurer: '7095', cents: half },
    ]
    return { ...partner, insurers: partner.partner_id === 'p01' ? shared : all }
  }
  const partners = [
    partnerOf('p01', SIZES.p01, [3, 2]),
    partnerOf('p02', SIZES.p02, [1.5, 1]),
    partnerOf('p03', SIZES.p03, [2, 2]),
  ]
  return {
    ...settlementOf(partners.map(paidBy)),
    settlement_id: sha256(`settlement of ${region}`),
    contract: region,
    as_of: run.asOf,
    dataset_sha256: run.datasetSha256,
    contract_sha256: run.contractSha256,
  }
}

async function assess(store: Store, { run, panels }: RegionRun): Promise<void> {
  for (const [shard, panel] of panels.entries())
    await inTransaction(store, async (transaction) => {
      const blocks = ['hba1c', 'sbp'].map((measure) => blockOf(panel, measure))
      await appendExpectations(transaction, { run, shard, panel }, blocks)
      await appendRealisations(transaction, { run, shard, panel }, blocks)
    })
  const years = await readAssessedYears(store, run, ['hba1c', 'sbp'])
  await inTransaction(store, async (transaction) => {
    for (const { yearsBefore, patientKey, outcomes } of years)
      for (const { measure, status, gain } of outcomes) {
        const none = new Float64Array(status.length)
        const contribution = gain.map((value) => (Number.isNaN(value) ? 0 : value))
        const contributions = { measuredProbability: none.map(() => 1), imputedGain: none, contribution }
        await appendContributions(transaction, run, { measure, yearsBefore, patientKey }, contributions)
      }
    await appendCells(transaction, run)
  })
}

/** Every patient eligible on 1 January 2025, every sixth one missing, all others one better than expected. */
function blockOf(panel: Panel, measure: string) {
  const index = epochDayOf('2025-01-01')
  const { patientIds } = panel
  const numberOf = (id: string): number => Number.parseInt(id.slice(4))
  const status = Uint8Array.from(patientIds, (id) => (numberOf(id) % 6 === 5 ? MISSING : MEASURED))
  const all = (value: number): Float64Array => Float64Array.from(patientIds, () => value)
  const measured = (value: number): Float64Array =>
    Float64Array.from(status, (code) => (code === MEASURED ? value : NaN))
  const days = (value: number): Int32Array => Int32Array.from(patientIds, () => value)
  const partner = Int32Array.from(patientIds, (id) =>
    panel.partners.findIndex(({ partnerId }) => partnerId === id.slice(0, 3)),
  )
  return {
    measure,
    yearsBefore: 0,
    admissions: {
      patient: Int32Array.from(patientIds.keys()),
      partner,
      practice: partner,
      indexOn: days(index),
      yearsElapsed: new Uint8Array(patientIds.length),
      exposureDays: days(365),
    },
    targetOn: days(index + 365),
    mean: all(55),
    sd: all(5),
    quantiles: [47, 49, 52, 55, 58, 61, 63].map(all),
    expectedValue: all(-55),
    status,
    baseline: all(55),
    realised: measured(54),
    realisedOn: Int32Array.from(status, (code) => (code === MEASURED ? index + 360 : NEVER)),
    realisedValue: measured(-54),
    gain: measured(1),
    facts: new Float64Array(0),
  }
}
