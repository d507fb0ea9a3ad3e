/** A partner disputes, somebody else rules; the worker's computation is covered in test/settlement-lifecycle.test.ts. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { actDay } from '../../../data/settlements/act-day.ts'
import type { Day } from '../../../engine/kernel/calendar.ts'
import { releasedByHand } from '../../support/settlements/released.ts'
import { sha256 } from '../../support/settlements/sha256.ts'
import { appendEffects } from '../../../data/disputes/previews.ts'
import { runningApp, type RunningApp, type ReaderName, json } from '../../support/services/running-app.ts'

let asked: RunningApp
let today: Day
beforeAll(async () => {
  asked = await runningApp()
  today = await actDay(asked.store)
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
      // p01-001 is insured by 7095, p01-003 by 3311
      ['insurer 7095', contention('p01', 'p01-003'), 404],
      ['insurer 1111', contention('p01', 'p01-001'), 404],
      ['insurer 7095', contention('p01', 'p01-001'), 202],
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
    await appendEffects(
      asked.store,
      preview_id,
      [effect, { partner_id: 'p02', before_cents: 5, after_cents: 6 }],
      [
        { insurer: '3311', before_cents: 2000, after_cents: 1990 },
        { insurer: '7095', before_cents: 500, after_cents: 500 },
      ],
    )
    const dispute = (await file(asker, preview_id)).json()
    expect(dispute).toMatchObject({ filed_by: `partner:${partner}`, filed_on: today, ruling: null, effect })
    expect((await file(asker, preview_id)).json().code).toBe('already_filed')
    filed.push(dispute.dispute_id as number)
  }
  const list = async (asker: ReaderName) => (await asked.ask(asker, asked.settlementUrl('/disputes'))).json().items
  const seen = async (asker: ReaderName) => (await list(asker)).map((each: { partner_id: string }) => each.partner_id)
  expect(await seen('analyst ann')).toEqual(['p01', 'p03'])
  expect(await seen('partner p03')).toEqual(['p03'])
  // an insurer sees what it pays itself, and no partner's amount, of which others pay a part
  for (const each of await list('insurer 3311'))
    expect(each).toMatchObject({
      effect: null,
      insurer_effects: [{ insurer: '3311', before_cents: 2000, after_cents: 1990 }],
      deciders: ['3311'],
      others_moved: 1,
    })
  expect((await list('partner p01'))[0]).toMatchObject({ insurer_effects: [], others_moved: 1 })
  expect((await asked.ask('researcher rob', asked.settlementUrl('/disputes'))).statusCode).toBe(403)

  const [own] = filed as [number, number]
  expect((await rule('partner p01', own)).statusCode).toBe(403)
  expect((await rule('insurer 1111', own)).statusCode).toBe(404)
  expect((await rule('insurer 7095', 999)).statusCode).toBe(404)
  // p01-003 is insured by 3311: of the dispute about it another insurer knows nothing
  expect(await list('insurer 7095')).toEqual([])
  expect((await rule('insurer 7095', own)).statusCode).toBe(404)
  expect((await rule('analyst ann', own)).json()).toMatchObject({ status: 403, code: 'not_concerned' })
  expect((await rule('insurer 3311', own)).json()).toMatchObject({
    ruling: { verdict: 'dismissed', reason: 'looked at', by: 'insurer:3311', on: today },
    corrected_by: null,
  })
  expect((await rule('insurer 3311', own, 'upheld')).json().code).toBe('already_ruled')
})

/** From May on the region knows them as insured by 7095, where the settlement has 3311. */
async function insuredAnew(...patients: readonly string[]): Promise<void> {
  await asked.store.pool.query(
    `with delivered as (
       insert into delivery (region_id, delivered_on, content_sha256) values ($1, '2026-05-01', $2) returning delivery_id),
     file as (insert into source_file (delivery_id, name, rows, rejected) select delivery_id, 'patients.csv', 2, 0 from delivered returning source_file_id, delivery_id)
     insert into patient_state (region_id, patient_key, birth_year, sex, insurer, delivery_id, source_file_id, line)
     select $1, patient_key, 1950, 'f', '7095', delivery_id, source_file_id, row_number() over () from patient, file
      where region_id = $1 and patient_id = any ($3)`,
    [asked.noord.world.run.regionId, sha256('insured anew'), patients],
  )
}

test('of several insurers concerned all must agree: one that dismisses it dismisses it', async () => {
  await insuredAnew('p01-006', 'p01-014')
  const filed = async (patient: string): Promise<number> => {
    const { preview_id } = (await preview('partner p01', contention('p01', patient))).json()
    await appendEffects(asked.store, preview_id, [{ partner_id: 'p01', before_cents: 1000, after_cents: 990 }], [])
    const dispute = (await file('partner p01', preview_id)).json()
    expect(dispute.deciders).toEqual(['3311', '7095'])
    return dispute.dispute_id as number
  }
  const agreed = await filed('p01-006')
  expect((await rule('insurer 7095', agreed, 'upheld')).json()).toMatchObject({
    ruling: null,
    verdicts: [{ insurer: '7095', verdict: 'upheld', by: 'insurer:7095' }],
  })
  expect((await rule('insurer 7095', agreed, 'upheld')).json().code).toBe('already_ruled')
  expect((await rule('insurer 3311', agreed, 'upheld')).json().ruling).toMatchObject({ verdict: 'upheld' })
  const refused = await filed('p01-014')
  await rule('insurer 7095', refused, 'upheld')
  expect((await rule('insurer 3311', refused, 'dismissed')).json()).toMatchObject({
    ruling: { verdict: 'dismissed', by: 'insurer:3311' },
    corrected_by: null,
  })
})

test('an upheld dispute becomes a fact from today, and a correction is asked for in nobody’s name', async () => {
  const { preview_id } = (await preview('partner p01', contention('p01', 'p01-010'))).json()
  await appendEffects(asked.store, preview_id, [{ partner_id: 'p01', before_cents: 1000, after_cents: 990 }], [])
  const { dispute_id } = (await file('partner p01', preview_id)).json()
  expect((await rule('insurer 3311', dispute_id, 'upheld')).json().ruling).toMatchObject({
    verdict: 'upheld',
    on: today,
  })
  const of = async (day: string) =>
    (
      await asked.store.pool.query(
        `select e.* from enrolment_known($1, $2) e join patient using (patient_key) where patient_id = 'p01-010'`,
        [asked.noord.world.run.regionId, day],
      )
    ).rowCount
  expect([await of('2026-01-01'), await of(today)]).toEqual([1, 0])
  const jobs = await asked.app.queue.queue('runs').getJobs()
  const correction = jobs.find(
    ({ name, data }) => name === 'correct' && JSON.stringify(data).includes(`"disputeId":${dispute_id}`),
  )
  expect((correction!.data as { run: object }).run).not.toHaveProperty('preparedBy')
  expect((correction!.data as { run: object }).run).toMatchObject({
    asOf: today,
    correction: { corrects: asked.noord.settlement.settlement_id, cause: 'ruling', disputeId: dispute_id },
  })
})

test('an insurer disputes about whom it insures; another insurer, and the partner before it is filed, see nothing of it', async () => {
  const { preview_id } = (await preview('insurer 7095', contention('p01', 'p01-004'))).json()
  await appendEffects(
    asked.store,
    preview_id,
    [{ partner_id: 'p01', before_cents: 1000, after_cents: 900 }],
    [
      { insurer: '3311', before_cents: 2000, after_cents: 1950 },
      { insurer: '7095', before_cents: 500, after_cents: 450 },
    ],
  )
  for (const other of ['insurer 3311', 'insurer 1111', 'partner p01', 'partner p03'] as const)
    expect([other, (await asked.ask(other, `/v1/dispute-previews/${preview_id}`)).statusCode]).toEqual([other, 404])
  const own = (await asked.ask('insurer 7095', `/v1/dispute-previews/${preview_id}`)).json()
  expect(own).toMatchObject({
    state: 'completed',
    effect: null,
    insurer_effects: [{ insurer: '7095', before_cents: 500, after_cents: 450 }],
  })
  const dispute = (await file('insurer 7095', preview_id)).json()
  expect(dispute).toMatchObject({ filed_by: 'insurer:7095', deciders: ['unknown'] })
  expect((await asked.ask('partner p01', asked.settlementUrl('/disputes'))).body).toContain('p01-004')
  expect((await asked.ask('insurer 3311', asked.settlementUrl('/disputes'))).body).not.toContain('p01-004')
  expect((await rule('insurer 7095', dispute.dispute_id)).json().code).toBe('own_dispute')
  expect((await rule('analyst bob', dispute.dispute_id)).json().ruling).toMatchObject({ by: 'analyst:bob' })
})
