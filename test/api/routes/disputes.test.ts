/** A partner disputes, somebody else rules; the worker's computation is covered in test/settlement-lifecycle.test.ts. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { today } from '../../../api/views/signature.ts'
import { releasedByHand } from '../../support/settlements/released.ts'
import { appendEffects } from '../../../data/settlements/disputes.ts'
import { runningApp, type RunningApp, type ReaderName, json } from '../../support/services/running-app.ts'

let asked: RunningApp
beforeAll(async () => {
  asked = await runningApp()
  await releasedByHand(asked.store, asked.noord.settlement.settlement_id)
})
afterAll(() => asked.close())

const contention = (partner: string, patient: string, rest: object = {}) => ({
  kind: 'not_our_patient',
  partner_id: partner,
  patient_id: patient,
  ...rest,
})
const preview = (asker: ReaderName, body: object) =>
  asked.ask(asker, asked.settlementUrl('/dispute-previews'), json(JSON.stringify(body)))
const file = (asker: ReaderName, previewId: string, evidence = 'letter of the practice') =>
  asked.ask(asker, `/v1/dispute-previews/${previewId}/file`, json(JSON.stringify({ evidence })))
const rule = (asker: ReaderName, dispute: number, verdict = 'dismissed') =>
  asked.ask(asker, `/v1/disputes/${dispute}/ruling`, json(JSON.stringify({ verdict, reason: 'looked at' })))

describe('a preview', () => {
  test('is asked for by a partner about itself, its own patients and its own readings', async () => {
    const reading = { kind: 'value_wrong', measure: 'hba1c', observed_on: '2024-11-01', value: 60 }
    for (const [asker, body, status] of [
      ['analyst ann', contention('p01', 'p01-001'), 403],
      ['insurer 7095', contention('p01', 'p01-001'), 403],
      ['partner p03', contention('p01', 'p01-001'), 403],
      ['partner p77', contention('p77', 'p01-001'), 404],
      ['partner p01', contention('p01', 'p02-001'), 404],
      ['partner p01', contention('p01', 'p01-001', { ...reading, observed_on: '2024-11-02' }), 404],
      ['partner p01', contention('p01', 'p01-001', { ...reading, observed_on: 'soon' }), 400],
      ['partner p01', contention('p01', 'p01-001', { kind: 'unfair' }), 400],
      ['partner p01', contention('p01', 'p01-001', reading), 202],
      ['partner p01', contention('p01', 'p01-001'), 202],
    ] as const)
      expect([asker, body.kind, (await preview(asker, body)).statusCode]).toEqual([asker, body.kind, status])
  })

  test('is nobody else’s to read, and nothing is filed before it is computed', async () => {
    const { preview_id } = (await preview('partner p01', contention('p01', 'p01-002'))).json()
    const answer = await asked.ask('partner p01', `/v1/dispute-previews/${preview_id}`)
    expect(answer.json()).toMatchObject({ preview_id, state: 'waiting', effect: null })
    expect((await asked.ask('partner p03', `/v1/dispute-previews/${preview_id}`)).statusCode).toBe(404)
    expect((await file('partner p01', preview_id)).json()).toMatchObject({ status: 409, code: 'not_previewed' })
    expect((await file('partner p03', preview_id)).statusCode).toBe(404)
  })
})

test('a dispute is filed by the partner, seen by whom it concerns, and ruled on by somebody else, once', async () => {
  const filed = []
  for (const [asker, partner] of [
    ['partner p01', 'p01'],
    ['partner p03', 'p03'],
  ] as const) {
    const { preview_id } = (await preview(asker, contention(partner, `${partner}-003`))).json()
    const effect = { partner_id: partner, before_cents: 1000, after_cents: 990 }
    await appendEffects(asked.store, preview_id, [effect])
    const dispute = (await file(asker, preview_id)).json()
    expect(dispute).toMatchObject({ filed_by: `partner:${partner}`, filed_on: today(), ruling: null, effect })
    expect((await file(asker, preview_id)).json().code).toBe('already_filed')
    filed.push(dispute.dispute_id as number)
  }
  const list = async (asker: ReaderName) => (await asked.ask(asker, asked.settlementUrl('/disputes'))).json().items
  const seen = async (asker: ReaderName) => (await list(asker)).map((each: { partner_id: string }) => each.partner_id)
  expect(await seen('analyst ann')).toEqual(['p01', 'p03'])
  expect(await seen('partner p03')).toEqual(['p03'])
  // p03 is a small panel: its amount stands in the sum of all of them
  expect((await list('insurer 3311')).map((each: { effect: unknown }) => each.effect !== null)).toEqual([true, false])
  expect((await asked.ask('researcher rob', asked.settlementUrl('/disputes'))).statusCode).toBe(403)

  const [own] = filed as [number, number]
  expect((await rule('partner p01', own)).statusCode).toBe(403)
  expect((await rule('insurer 1111', own)).statusCode).toBe(404)
  expect((await rule('insurer 7095', 999)).statusCode).toBe(404)
  // p01-003 is insured by 3311: of the dispute about it another insurer knows nothing
  expect(await list('insurer 7095')).toEqual([])
  expect((await rule('insurer 7095', own)).statusCode).toBe(404)
  expect((await rule('insurer 3311', own)).json()).toMatchObject({
    ruling: { verdict: 'dismissed', reason: 'looked at', by: 'insurer:3311', on: today() },
    corrected_by: null,
  })
  expect((await rule('analyst ann', own, 'upheld')).json().code).toBe('already_ruled')
})

test('an upheld dispute becomes a fact from today, and a correction is asked for in the name of who ruled', async () => {
  const { preview_id } = (await preview('partner p01', contention('p01', 'p01-010'))).json()
  await appendEffects(asked.store, preview_id, [{ partner_id: 'p01', before_cents: 1000, after_cents: 990 }])
  const { dispute_id } = (await file('partner p01', preview_id)).json()
  expect((await rule('analyst ann', dispute_id, 'upheld')).json().ruling).toMatchObject({
    verdict: 'upheld',
    on: today(),
  })
  const of = async (day: string) =>
    (
      await asked.store.pool.query(
        `select e.* from enrolment_known($1, $2) e join patient using (patient_key) where patient_id = 'p01-010'`,
        [asked.noord.world.run.regionId, day],
      )
    ).rowCount
  expect([await of('2026-01-01'), await of(today())]).toEqual([1, 0])
  const jobs = await asked.app.queue.queue('runs').getJobs()
  const correction = jobs.find(({ name }) => name === 'correct')
  expect((correction!.data as { run: object }).run).toMatchObject({
    preparedBy: 'analyst:ann',
    asOf: today(),
    correction: { corrects: asked.noord.settlement.settlement_id, cause: 'ruling', disputeId: dispute_id },
  })
})
