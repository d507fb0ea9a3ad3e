/** A settlement's whole lifecycle on real services: settled, reviewed, released, paid; late data and a correction; a dispute with its
 *  preview, a ruling, and a correction that is the preview to the cent. */
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { correctionAfter, correctionOrderOf, previewOrderOf } from '../api/views/correction-order.ts'
import { runOrderOf } from '../api/views/run-order.ts'
import { startLocalWorker, type LocalWorker } from '../api/cli/verbs/local-services.ts'
import { readBook } from '../data/accounts/book.ts'
import { writeBundle } from '../data/settlements/bundle.ts'
import { readContractFile } from '../data/region/contract-file.ts'
import { appendContract } from '../data/region/contracts.ts'
import { readCorrection } from '../data/settlements/corrections.ts'
import type { Store } from '../data/postgres/database.ts'
import { fileDispute, readDispute } from '../data/disputes/disputes.ts'
import { readEffects } from '../data/disputes/previews.ts'
import { importDataset } from '../data/import/import.ts'
import { listPayments } from '../data/accounts/payment-list.ts'
import { readPayout } from '../data/settlements/payments.ts'
import { rowsOfPatient } from '../data/settlements/receipts.ts'
import { latestDelivery, regionOf } from '../data/region/regions.ts'
import { decideOnModel } from '../data/settlements/model-registry.ts'
import { ruleOn } from '../data/disputes/rulings.ts'
import type { Settlement } from '../engine/settlement/statement.ts'
import { brokenEntry, readSettlement, wholeSettlement } from '../data/settlements/settlements.ts'
import { generateRegion } from '../data/synthetic/generate.ts'
import { regionProgrammes } from '../data/region/region-programmes.ts'
import { addYears, dayOf, type Day, epochDayOf } from '../engine/kernel/calendar.ts'
import type { Contention } from '../engine/explain/dispute.ts'
import { awaitRun, enqueueRun, type RunPayload } from '../jobs/queue/queues.ts'
import { verifyBundle } from '../verifier/verify.ts'
import { tokenFor } from './support/services/keys.ts'
import { signerFor } from './support/settlements/released.ts'
import { liveStore } from './support/services/live.ts'
import { onDay } from './support/services/on-day.ts'
import { through } from './support/settlements/through.ts'
import { winst } from './support/services/winst.ts'

const minutes = 60_000

let [store, localWorker, place, dir]: [Store, LocalWorker, string, string] = [null!, null!, '', '']
let asOf: Day = '0000-00-00'
beforeAll(async () => {
  store = await liveStore()
  localWorker = await startLocalWorker(store, { redisUrl: null }, 2)
  place = await mkdtemp(join(tmpdir(), 'winst-story-'))
  dir = join(place, 'region')
  await generateRegion({ out: dir, patients: 500, seed: 5 })
}, minutes)
afterAll(async () => {
  await localWorker.stop()
  await store.close()
  await rm(place, { recursive: true, force: true })
})

const run = async (order: RunPayload): Promise<string> => {
  await enqueueRun(localWorker.backend, order)
  return (await awaitRun(localWorker.backend, order.runId)) as string
}
const settlementOf = async (id: string) => await wholeSettlement(store, id)
const paymentsOf = (settlement: Settlement) =>
  Object.fromEntries(settlement.partners.map(({ partner_id, payment_cents }) => [partner_id, payment_cents]))
const inLedger = async () => {
  const accounts = (await readBook(store)).filter(({ account }) => account === 'partner')
  expect(accounts.map(({ open }) => open)).toEqual(accounts.map(() => 0))
  return Object.fromEntries(accounts.map(({ party, paid }) => [party, paid]))
}
const nonZero = (payments: Record<string, number>) =>
  Object.fromEntries(Object.entries(payments).filter(([, cents]) => cents !== 0))
const imported = (delivered?: Day) =>
  importDataset(store, { dir, region: 'verhaal', delivered, rejectsPath: join(place, 'rejects.csv') })

let first = ''

test(
  'settled, reviewed, released and paid by three pairs of hands',
  async () => {
    await imported()
    const region = await regionOf(store, 'verhaal')
    asOf = await latestDelivery(store, region)
    const signed = parse(await readFile(join(dir, 'contract.yaml'), 'utf8')) as Record<string, unknown>
    const {
      outcomes,
      budget_eur: _budget,
      corridor_eur: _corridor,
      attribution: _chain,
      gates: _gates,
      ...rest
    } = signed
    await writeFile(
      join(place, 'contract.yaml'),
      stringify({
        ...rest,
        outcomes: (outcomes as object[]).slice(0, 1),
        credibility: 'none',
        dead_band: { eur: 0, z: 0 },
        share: { gain: 0.5, loss: 0.5 },
        min_patients: 10,
      }),
    )
    const contract = await readContractFile(
      join(place, 'contract.yaml'),
      await regionProgrammes(store.pool, region.regionId, asOf),
    )
    await appendContract(store, region.regionId, contract)
    first = await run(await runOrderOf(store, { contract, flow: 'settle', asOf, preparedBy: 'analyst:ann' }))
    const { rows } = await store.pool.query<{ model_id: string; state: string }>(
      'select model_id, state from run_model join lateral (select state from model_decision d where d.model_id = run_model.model_id order by seq desc limit 1) last on true where run_id = $1',
      [first],
    )
    await through(store, first, asOf, ['review'])
    await expect(through(store, first, asOf, ['release'])).rejects.toMatchObject({ code: 'model_not_payable' })
    for (const { model_id } of rows)
      await decideOnModel(store, model_id, { state: 'payable', by: 'analyst:dora', reason: 'card read' })
    await through(store, first, asOf, ['release', 'pay'])
    const payments = paymentsOf(await settlementOf(first))
    expect(Object.values(nonZero(payments)).length).toBeGreaterThan(1)
    expect(await inLedger()).toEqual(nonZero(payments))
    await expect(runOrderOf(store, { contract, flow: 'settle', asOf: addYears(asOf, 1) })).rejects.toMatchObject({
      code: 'released_before',
    })
  },
  3 * minutes,
)

const later = (days: number): Day => dayOf(epochDayOf(asOf) + days)
let second = ''

test(
  'late data are corrected with the models that were frozen; what is paid is the difference',
  async () => {
    const measured = await store.pool.query<{ patient_id: string; partner_id: string; realised_on: Day }>(
      `select patient_id, partner_id, realised_on from assessment
        where run_id = $1 and years_before = 0 and measure = 'hba1c' and status = 'measured' order by patient_id limit 12`,
      [first],
    )
    // known late: a second reading on the very day of the realisation, of a dozen patients
    for (const { patient_id, realised_on } of measured.rows)
      await appendFile(
        join(dir, 'observations.csv'),
        `${patient_id},hba1c,${realised_on},${40 + patient_id.length},mmol/mol,\n`,
      )
    await imported(later(10))
    second = await run(
      await correctionOrderOf(store, {
        settlementId: first,
        cause: 'late_data',
        note: 'a laboratory delivered late',
        preparedBy: 'analyst:ann',
      }),
    )
    const [before, after] = [await settlementOf(first), await settlementOf(second)]
    expect(after.model_ids).toEqual(before.model_ids)
    expect(paymentsOf(after)).not.toEqual(paymentsOf(before))
    expect(await readCorrection(store, second)).toMatchObject({ corrects: first, cause: 'late_data' })
    await through(store, second, later(11), ['review', 'release', 'pay'])
    const due = await readPayout(store, await readSettlement(store, second), await settlementOf(second))
    const dueTo = (partner: string) =>
      due.reduce((sum, { partner_id, due_cents }) => sum + (partner_id === partner ? due_cents : 0), 0)
    expect(Object.fromEntries(before.partners.map(({ partner_id }) => [partner_id, dueTo(partner_id)]))).toEqual(
      Object.fromEntries(
        before.partners.map(({ partner_id, payment_cents }, at) => [
          partner_id,
          after.partners[at]!.payment_cents - payment_cents,
        ]),
      ),
    )
    expect(await inLedger()).toEqual(nonZero(paymentsOf(after)))
    await expect(correctionOrderOf(store, { settlementId: first, cause: 'defect', note: 'x' })).rejects.toMatchObject({
      code: 'corrected_since',
    })
  },
  2 * minutes,
)

/** Previews, files, rules and corrects. @returns what the preview said and what the correction pays */
async function disputed(settlementId: string, partnerId: string, contention: Contention, day: number) {
  const by = `partner:${partnerId}`
  const order = await previewOrderOf(store, { settlementId, partnerId, contention }, by)
  await expect(
    onDay(store, later(day), (on) => fileDispute(on, { previewId: order.runId, evidence: 'letter', by })),
  ).rejects.toMatchObject({ code: 'not_previewed' })
  await run(order)
  const effects = await readEffects(store, order.runId)
  const filed = { previewId: order.runId, evidence: 'letter', by }
  const disputeId = await onDay(store, later(day), (on) => fileDispute(on, filed))
  const rule = (signer: string) =>
    onDay(store, later(day + 1), (on) =>
      ruleOn(on, { disputeId, verdict: 'upheld', reason: 'the letter shows it', by: signer }),
    )
  await expect(rule(by)).rejects.toMatchObject({ code: 'own_dispute' })
  for (const insurer of (await readDispute(store, disputeId)).deciders) await rule(signerFor(insurer))
  const corrected = await run(await correctionAfter(store, await readDispute(store, disputeId)))
  return { effects, disputeId, corrected, settlement: await settlementOf(corrected) }
}

const patientOf = async (settlementId: string, where: string) =>
  (
    await store.pool.query<{
      patient_id: string
      partner_id: string
      practice_id: string
      realised_on: Day
      index_on: Day
    }>(
      `select patient_id, partner_id, practice_id, realised_on, index_on from assessment
        where run_id = $1 and years_before = 0 and measure = 'hba1c' and ${where} order by abs(gain) desc, patient_id limit 1`,
      [settlementId],
    )
  ).rows[0]!

test(
  '"not our patient": preview, dispute, ruling, and a correction that is the preview to the cent',
  async () => {
    const { partners } = await settlementOf(second)
    const { patient_id, partner_id } = await patientOf(
      second,
      `status = 'measured' and partner_id in (${partners.map((each) => `'${each.partner_id}'`).join()})`,
    )
    const contention = { kind: 'not_our_patient', patientId: patient_id, partnerId: partner_id } as const
    await expect(
      previewOrderOf(store, { settlementId: second, partnerId: 'p77', contention }, 'partner:p01'),
    ).rejects.toMatchObject({
      code: 'unknown_patient',
    })
    const { effects, disputeId, corrected, settlement } = await disputed(second, partner_id, contention, 20)
    expect(effects.map(({ before_cents }) => before_cents)).toEqual(partners.map(({ payment_cents }) => payment_cents))
    expect(effects.find((each) => each.partner_id === partner_id)?.after_cents).not.toBe(
      effects.find((each) => each.partner_id === partner_id)?.before_cents,
    )
    expect(settlement.partners.map(({ payment_cents }) => payment_cents)).toEqual(
      effects.map(({ after_cents }) => after_cents),
    )
    expect(await readCorrection(store, corrected)).toMatchObject({ corrects: second, cause: 'ruling', disputeId })
    expect(await readDispute(store, disputeId)).toMatchObject({ ruling: { verdict: 'upheld' }, correctedBy: corrected })
    await through(store, corrected, later(22), ['review'])
    await through(store, corrected, later(23), ['release'])
    // what was settled on before the ruling stays as it was
    const rows = await rowsOfPatient(store, { ...(await readSettlement(store, second)), patientId: patient_id })
    expect(rows.filter(({ table }) => table === 'enrolments').length).toBeGreaterThan(0)
    expect(rows.filter(({ table }) => table === 'rulings')).toEqual([])
    third = corrected
  },
  2 * minutes,
)
let third = ''

test(
  '"this value is wrong", up to the index date too, where it moves what was expected',
  async () => {
    const { patient_id, partner_id } = await patientOf(third, `status = 'measured' and partner_id = 'p01'`)
    const { rows } = await store.pool.query<{ observed_on: Day }>(
      `select observed_on from observation_known($1, $2) join patient using (patient_key) join measure_key using (measure_id)
        where patient_id = $3 and key = 'hba1c' and observed_on <= '2025-01-01' order by observed_on desc limit 1`,
      [(await readSettlement(store, third)).regionId, later(23), patient_id],
    )
    const contention = {
      kind: 'value_wrong',
      patientId: patient_id,
      measure: 'hba1c',
      observedOn: rows[0]!.observed_on,
      value: 71,
    } as const
    const { effects, disputeId, corrected, settlement } = await disputed(third, partner_id, contention, 30)
    expect(settlement.partners.map(({ payment_cents }) => payment_cents)).toEqual(
      effects.map(({ after_cents }) => after_cents),
    )
    expect(effects.some(({ before_cents, after_cents }) => before_cents !== after_cents)).toBe(true)
    const known = await rowsOfPatient(store, { ...(await readSettlement(store, corrected)), patientId: patient_id })
    const origin = { file: `dispute ${disputeId}`, line: 1, deliveredOn: later(31) }
    expect(known).toContainEqual(expect.objectContaining({ table: 'observations', ...origin }))
    expect(known.at(-1)).toMatchObject({ table: 'rulings', ...origin, values: { kind: 'value_wrong', value: 71 } })
    fourth = corrected
  },
  2 * minutes,
)
let fourth = ''

test('a delivery that repeats what a ruling found wrong does not bring it back', async () => {
  await appendFile(join(dir, 'observations.csv'), '')
  const { files } = await imported(later(60))
  const rejects = await readFile(join(place, 'rejects.csv'), 'utf8')
  expect(rejects).toMatch(/observations\.csv,\d+,value,.*a ruling of .* \(dispute 2\) found this to be wrong/)
  expect(rejects).toMatch(/enrolments\.csv,\d+,partner_id,.*\(dispute 1\)/)
  expect(files.reduce((sum, { accepted, unchanged }) => sum + accepted - unchanged, 0)).toBe(0)
})

test(
  'the advances of a quarter day are paid once, from the command line',
  async () => {
    const WINST_TOKEN = await tokenFor(store, 'analyst', 'cas')
    const asked = ['advance', '--contract', 'synthetic-dm2-2025', '--quarter-day', '2025-04-01', '--json']
    const said = await winst(asked, { DATABASE_URL: store.url, REDIS_URL: undefined, WINST_TOKEN })
    const { paid, partners } = JSON.parse(said.stdout) as { paid: boolean; partners: Record<string, string | number>[] }
    expect([said.status, paid]).toEqual([0, true])
    const [advanced] = await listPayments(store, { regionId: (await readSettlement(store, fourth)).regionId })
    const coalition = (await readBook(store)).find(({ account }) => account === 'coalition')
    expect([advanced?.advance_on, coalition?.open]).toEqual(['2025-04-01', advanced?.cents])
    // four quarter days make the year: one of them is about a quarter of 80% of the bundled sum
    const bundled = (await settlementOf(fourth)).totals.bundled_cents
    const sum = partners.reduce((total, { cents }) => total + Number(cents), 0)
    expect(advanced?.cents).toBe(sum)
    expect(sum / (bundled * 0.8)).toBeCloseTo(0.25, 1)
    const nobody = await winst(asked, { DATABASE_URL: store.url, REDIS_URL: undefined, WINST_TOKEN: undefined })
    expect([nobody.status, nobody.stderr]).toEqual([1, expect.stringContaining('WINST_TOKEN')])
  },
  minutes,
)

test('every settlement on the way verifies by itself, and the ledger is whole', async () => {
  for (const id of [first, second, third, fourth]) {
    const path = join(place, `${id}.bundle`)
    await writeBundle(store, id, path)
    expect((await verifyBundle(path)).findings).toEqual([])
  }
  expect(await brokenEntry(store)).toBeNull()
})

test('a dispute comes in time, once, about what is released, and is ruled on once', async () => {
  const { patient_id, partner_id } = await patientOf(third, `status = 'measured' and partner_id = 'p02'`)
  const by = `partner:${partner_id}`
  const contention = { kind: 'not_our_patient', patientId: patient_id, partnerId: partner_id } as const
  const { runId: previewId } = await previewOrderOf(
    store,
    { settlementId: third, partnerId: partner_id, contention },
    by,
  )
  await run(await previewOrderOf(store, { settlementId: third, partnerId: partner_id, contention }, by))
  const file = (day: Day) => onDay(store, day, (on) => fileDispute(on, { previewId, evidence: 'letter', by }))
  await expect(file(later(23 + 43))).rejects.toMatchObject({ code: 'too_late' })
  const disputeId = await file(later(23 + 42))
  await expect(file(later(23 + 42))).rejects.toMatchObject({ code: 'already_filed' })
  const [concerned] = (await readDispute(store, disputeId)).deciders
  const rule = (verdict: 'upheld' | 'dismissed', day: Day) =>
    onDay(store, day, (on) => ruleOn(on, { disputeId, verdict, reason: 'no', by: signerFor(concerned!) }))
  await rule('dismissed', later(70))
  await expect(rule('upheld', later(71))).rejects.toMatchObject({ code: 'already_ruled' })
  await expect(correctionAfter(store, await readDispute(store, disputeId))).rejects.toMatchObject({
    code: 'not_upheld',
  })
  const prepared = await previewOrderOf(store, { settlementId: fourth, partnerId: partner_id, contention }, by)
  await expect(
    onDay(store, later(70), (on) => fileDispute(on, { previewId: prepared.runId, evidence: 'letter', by })),
  ).rejects.toMatchObject({ code: 'not_released' })
})
