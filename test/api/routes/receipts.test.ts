/** Who may follow a payment down to the patients, and what they find. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runningApp, type RunningApp, readerNames } from '../../support/services/running-app.ts'
import type { Receipt } from '../../../api/views/receipts/receipt.ts'
import { releasedByHand } from '../../support/settlements/released.ts'

let asked: RunningApp
beforeAll(async () => {
  asked = await runningApp()
  await releasedByHand(asked.store, asked.noord.settlement.settlement_id)
})
afterAll(() => asked.close())

const receiptUrl = (partner: string, query = '') => asked.settlementUrl(`/partners/${partner}/receipt${query}`)

test('an analyst and the partner itself see steps and patients that add up to the payment', async () => {
  for (const asker of ['analyst ann', 'partner p01'] as const) {
    const receipt = (await asked.ask(asker, receiptUrl('p01'))).json<Receipt>()
    const { payment_cents } = asked.noord.settlement.partners[0]!
    expect(receipt).toMatchObject({ partner_id: 'p01', small_panel: false, payment_cents })
    expect(receipt.outcomes.map(({ measure }) => measure)).toEqual(['hba1c', 'sbp'])
    expect(receipt.payment.at(-1)?.step).toBe('interval90')
    expect(receipt.adds_up.reduce((sum, { eur }) => sum + eur, 0)).toBeCloseTo(payment_cents / 100, 6)
    expect(receipt.patients).toHaveLength(2 * 60)
    expect(new Set(receipt.patients.map(({ patient_id }) => patient_id.slice(0, 3)))).toEqual(new Set(['p01']))
    expect(receipt.patients[0]).toMatchObject({ status: 'measured', mean: 55, realised: 54, gain: 1, contribution: 1 })
    expect(receipt.patients[0]?.model_id).toMatch(/^[0-9a-f]{64}$/)
    expect(receipt.rows).toBeUndefined()
  }
})

test('one patient comes with its rows, each with its file and line', async () => {
  const { patients, rows } = (await asked.ask('partner p01', receiptUrl('p01', '?patient=p01-007'))).json<Receipt>()
  expect(patients.map(({ patient_id }) => patient_id)).toEqual(['p01-007', 'p01-007'])
  expect(rows?.map(({ table }) => table)).toEqual(['patients', 'enrolments', 'observations'])
  expect(rows?.find(({ table }) => table === 'observations')).toMatchObject({
    used_as: 'baseline',
    values: { measure: 'hba1c', observed_on: '2024-11-01', value: 55 },
  })
  for (const { line } of rows ?? []) expect(line).toBeGreaterThan(0)
})

test('an act that was claimed and credited shows as both', async () => {
  const patient = await asked.store.db
    .selectFrom('observation')
    .innerJoin('patient', (join) =>
      join.onRef('patient.patient_key', '=', 'observation.patient_key').on('patient.patient_id', '=', 'p01-008'),
    )
    .selectAll('observation')
    .executeTakeFirstOrThrow()
  const claim = {
    region_id: patient.region_id,
    claim_id: 'c1',
    patient_key: patient.patient_key,
    partner_id: 'p01',
    performed_on: '2025-03-01' as const,
    code: '12001',
    setting: null,
    delivery_id: patient.delivery_id,
    source_file_id: patient.source_file_id,
  }
  await asked.store.db
    .insertInto('claim')
    .values([
      { ...claim, quantity: 1, amount_cents: 1250, line: 2 },
      { ...claim, quantity: -1, amount_cents: -1250, line: 3 },
    ])
    .execute()
  const { rows } = (await asked.ask('analyst ann', receiptUrl('p01', '?patient=p01-008'))).json<Receipt>()
  const claims = rows?.filter(({ table }) => table === 'claims') ?? []
  expect(claims.map(({ values }) => [values.is_credit, values.amount_cents])).toEqual([
    [false, 1250],
    [true, -1250],
  ])
})

test('patients come in pages', async () => {
  const page = async (query: string) =>
    (await asked.ask('analyst ann', receiptUrl('p01', query)))
      .json<Receipt>()
      .patients.map(({ patient_id }) => patient_id)
  expect(new Set(await page('?limit=2'))).toEqual(new Set(['p01-000', 'p01-001']))
  expect(new Set(await page('?limit=2&after=p01-001'))).toEqual(new Set(['p01-002', 'p01-003']))
  expect((await asked.ask('analyst ann', receiptUrl('p01', '?limit=0'))).statusCode).toBe(400)
})

test('nobody else sees a person, and nobody a patient of another', async () => {
  for (const asker of readerNames) {
    const answer = await asked.ask(asker, receiptUrl('p01', '?patient=p01-007'))
    const may = asker.startsWith('analyst') || asker === 'partner p01'
    expect(answer.statusCode, asker).toBe(may ? 200 : asker.startsWith('partner') ? 404 : 403)
    if (!may) expect(answer.body).not.toContain('p01-00')
  }
  expect((await asked.ask('partner p01', receiptUrl('p01', '?patient=p02-001'))).statusCode).toBe(404)
  expect((await asked.ask('analyst ann', receiptUrl('p02', '?patient=p01-001'))).statusCode).toBe(404)
})

test('a small panel gets its payment only', async () => {
  for (const asker of ['analyst ann', 'partner p03'] as const)
    expect((await asked.ask(asker, receiptUrl('p03'))).json()).toEqual({
      settlement_id: asked.noord.settlement.settlement_id,
      contract: 'noord',
      as_of: '2026-01-01',
      partner_id: 'p03',
      small_panel: true,
      payment_cents: 0,
      reason: 'panel_too_small',
    })
})
