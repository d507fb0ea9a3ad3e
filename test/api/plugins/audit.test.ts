/** The audit log over HTTP: looks, searches, acts and refusals, each with who, whose, why and how it ended. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { brokenEvents } from '../../../data/audit/audit-events.ts'
import { tokenFor } from '../../support/services/keys.ts'
import { json, runningApp, type RunningApp } from '../../support/services/running-app.ts'
import { releasedByHand } from '../../support/settlements/released.ts'

interface EventSeen {
  readonly event: string
  readonly access_point: string
  readonly role: string
  readonly who: string
  readonly on_behalf_of: string | null
  readonly credential: string
  readonly purpose: string
  readonly outcome: string
  readonly code: string | null
  readonly object: Record<string, string>
  readonly patients: string[]
  readonly times: number
}

let asked: RunningApp
let auditor: string
beforeAll(async () => {
  asked = await runningApp()
  await releasedByHand(asked.store, asked.noord.settlement.settlement_id)
  auditor = await tokenFor(asked.store, 'auditor', 'aud', 'noord')
})
afterAll(() => asked.close())

const get = (url: string, token: string, headers: Record<string, string> = {}) =>
  asked.app.inject({ method: 'GET', url, headers: { authorization: `Bearer ${token}`, ...headers } })

/** What the log holds by now of those that are written before the answer leaves. */
const logged = async (where: string, ...values: readonly unknown[]): Promise<EventSeen[]> =>
  (await asked.store.pool.query<EventSeen>(`select * from audit_event where ${where} order by audit_id`, [...values]))
    .rows

/** The event that the auditor reads, once it is there: those that are no look at a patient are kept within a second. */
async function readBy(query: string, found: (event: EventSeen) => boolean = () => true): Promise<EventSeen[]> {
  let items: EventSeen[] = []
  const read = async () => {
    items = (await get(`/v1/audit?${query}`, auditor)).json<{ items: EventSeen[] }>().items.filter(found)
    return items.length
  }
  await expect.poll(read, { timeout: 3_000 }).toBeGreaterThan(0)
  return items
}

const receipt = (patient: string) => asked.settlementUrl(`/partners/p01/receipt?patient=${patient}`)

describe('a look at a patient', () => {
  test('is in the database before the answer leaves, with whose, who, in whose name, why and through what', async () => {
    const { statusCode, body } = await asked.ask('partner p01', receipt(await aPatient()))
    expect(statusCode, body).toBe(200)
    const [look, ...more] = await logged(`event = 'look' and patients @> array[$1]`, await aPatient())
    expect(more).toEqual([])
    expect(look).toMatchObject({
      access_point: 'GET /v1/settlements/:settlement/partners/:partner/receipt',
      role: 'partner',
      who: 'p01',
      on_behalf_of: 'p01',
      purpose: 'settlement',
      outcome: 'allowed',
      code: null,
      object: { settlement: asked.noord.settlement.settlement_id, partner: 'p01' },
      patients: [await aPatient()],
    })
    expect(look!.credential).toMatch(/^key [0-9a-f]{16}$/)
  })

  test('of a page of patients names every one of them', async () => {
    const answer = await get(asked.settlementUrl('/partners/p01/receipt?limit=7'), auditor)
    const shown = new Set(answer.json<{ patients: { patient_id: string }[] }>().patients.map((row) => row.patient_id))
    expect(shown.size).toBeGreaterThan(1)
    const [look] = await logged(`event = 'look' and role = 'auditor'`)
    expect(new Set(look!.patients)).toEqual(shown)
    expect(look!.purpose).toBe('oversight')
  })

  test('that is refused is told too, with whom was asked for', async () => {
    const { statusCode } = await asked.ask('researcher rob', receipt('p01-secret'))
    expect(statusCode).toBe(403)
    const foreign = await asked.ask('partner p03', receipt('p01-secret'))
    expect(foreign.statusCode).toBe(404)
    const looks = await readBy('patient=p01-secret&outcome=refused')
    expect(looks.map(({ role, outcome, code, patients }) => ({ role, outcome, code, patients }))).toEqual([
      { role: 'partner', outcome: 'refused', code: foreign.json<{ code: string }>().code, patients: ['p01-secret'] },
      { role: 'researcher', outcome: 'refused', code: 'not_allowed', patients: ['p01-secret'] },
    ])
  })

  test('in a body counts: a dispute that is previewed', async () => {
    const body = { kind: 'not_our_patient', partner_id: 'p03', patient_id: 'p03-7' }
    await asked.ask('partner p03', asked.settlementUrl('/dispute-previews'), json(JSON.stringify(body)))
    expect(await logged(`patients @> array['p03-7']`)).toMatchObject([
      { event: 'look', purpose: 'dispute', who: 'p03' },
    ])
  })

  test('through a list, a page of a patient, an expectation or a work list is one too', async () => {
    const { runId } = asked.noord.world.run
    for (const url of [
      '/v1/patients?limit=5',
      `/v1/patients/${await aPatient()}`,
      `/v1/runs/${runId}/expectations?measure=hba1c&limit=5`,
      '/v1/work?limit=5',
    ]) {
      const answer = await get(url, auditor)
      expect([url, answer.statusCode]).toEqual([url, 200])
      const shown = new Set(answer.body.match(/"p0\d-\d{3}"/g)?.map((each) => each.slice(1, -1)))
      const [last] = (await logged(`role = 'auditor'`)).slice(-1)
      expect(last!.event).toBe('look')
      expect([url, new Set(last!.patients)]).toEqual([url, shown])
      expect(shown.size).toBeGreaterThan(0)
    }
  })

  test('at all of them at once says how many: rows of a delivery that were not taken', async () => {
    const deliveries = (await get('/v1/deliveries', auditor)).json<{ items: { delivery_id: number }[] }>().items
    const answer = await get(`/v1/deliveries/${deliveries[0]!.delivery_id}/rejects`, auditor)
    expect(answer.statusCode).toBe(200)
    const { rows } = await asked.store.pool.query<{ n: number }>('select count(*)::int as n from patient')
    expect(await logged(`access_point = 'GET /v1/deliveries/:delivery/rejects'`)).toMatchObject([
      { event: 'look', everybody: rows[0]!.n },
    ])
    expect((await readBy(`patient=${await aPatient()}&event=look`)).length).toBeGreaterThan(1)
  })

  test('is one again where a request with a key is answered a second time', async () => {
    const { statusCode, body } = await asked.ask(
      'partner p01',
      asked.settlementUrl('/dispute-previews'),
      json(JSON.stringify({ kind: 'not_our_patient', partner_id: 'p01', patient_id: 'p01-009' })),
    )
    expect([statusCode, body]).toEqual([202, expect.any(String)])
    const headers = { authorization: `Bearer ${asked.tokenOf('partner p01')}`, 'idempotency-key': 'twice' }
    const payload = { kind: 'not_our_patient', partner_id: 'p01', patient_id: 'p01-011' }
    for (const replayed of [undefined, 'true']) {
      const url = asked.settlementUrl('/dispute-previews')
      const answer = await asked.app.inject({ method: 'POST', url, headers, payload })
      expect([answer.statusCode, answer.headers['idempotency-replayed']]).toEqual([202, replayed])
    }
    expect(await logged(`patients @> array['p01-011']`)).toHaveLength(2)
  })

  test('never holds a citizen number that somebody typed', async () => {
    await get(receipt('111222333'), auditor)
    expect(await logged(`patients @> array['111222333']`)).toEqual([])
    expect(await logged(`patients @> array['(withheld: a citizen number)']`)).toHaveLength(1)
  })

  test('does not leave where the log cannot be written', async () => {
    await asked.store.pool.query('alter function append_audit(jsonb) rename to append_audit_away')
    const answer = await get(asked.settlementUrl('/partners/p01/receipt?limit=6'), auditor)
    await asked.store.pool.query('alter function append_audit_away(jsonb) rename to append_audit')
    expect([answer.statusCode, answer.body.includes('patient_id')]).toEqual([500, false])
  })
})

describe('what is no look at a patient', () => {
  test('is kept within a second: searches, acts and refusals, of nobody too', async () => {
    await asked.ask('analyst ann', '/v1/settlements?contract=noord')
    await asked.ask('analyst ann', '/v1/contracts', json('{}'))
    await get('/v1/ledger', 'wrong')
    await get('/v1/ledger', 'wronger')
    await get('/v1/nothing', asked.tokenOf('analyst ann'))
    const searches = await readBy('event=search&who=ann', ({ access_point }) => access_point !== 'GET (no such route)')
    expect(searches[0]).toMatchObject({
      access_point: 'GET /v1/settlements',
      object: { contract: 'noord' },
      outcome: 'allowed',
    })
    expect((await readBy('event=act&who=ann'))[0]).toMatchObject({
      access_point: 'POST /v1/contracts',
      outcome: 'refused',
    })
    const nobody = await logged(`who = '' and access_point = 'GET /v1/ledger'`)
    expect(nobody.reduce((sum, { times }) => sum + times, 0)).toBe(2)
    expect(nobody[0]).toMatchObject({ region_id: null, outcome: 'refused', code: 'not_authenticated' })
    expect(await readBy('outcome=refused&who=ann')).toEqual(
      expect.arrayContaining([expect.objectContaining({ access_point: 'GET (no such route)', code: 'not_found' })]),
    )
  })

  test('is counted where its page was kept and nothing was made anew', async () => {
    for (let at = 0; at < 5; at++) await asked.ask('insurer 7095', '/v1/contracts')
    const counted = async () =>
      (await logged(`who = '7095' and access_point = 'GET /v1/contracts'`)).reduce((sum, { times }) => sum + times, 0)
    await expect.poll(counted, { timeout: 3_000 }).toBe(5)
  })

  test('tells who signed in on the first page', async () => {
    const signIn = (token: string) =>
      asked.app.inject({
        method: 'POST',
        url: '/sign-in',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: `token=${token}`,
      })
    await signIn(asked.tokenOf('partner p77'))
    await signIn('wrong')
    const signedIn = async () =>
      (await logged(`event = 'sign_in'`)).map(({ who, outcome }) => `${who || 'nobody'} ${outcome}`)
    await expect.poll(signedIn, { timeout: 3_000 }).toEqual(['p77 allowed', 'nobody refused'])
  })

  test('says why, if the request does; a purpose that is none is refused', async () => {
    await get('/v1/models', asked.tokenOf('analyst ann'), { purpose: 'oversight' })
    const [said] = await readBy('event=search&who=ann', ({ access_point }) => access_point === 'GET /v1/models')
    expect(said).toMatchObject({ purpose: 'oversight' })
    const answer = await get('/v1/models', asked.tokenOf('analyst ann'), { purpose: 'curiosity' })
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, 'invalid_request'])
  })
})

describe('the log', () => {
  test('is for the auditor of the region alone, in the database too', async () => {
    for (const asker of ['analyst ann', 'insurer 7095', 'partner p01', 'researcher rob'] as const)
      expect([asker, (await asked.ask(asker, '/v1/audit')).statusCode]).toEqual([asker, 403])
    const administrator = await tokenFor(asked.store, 'administrator', 'ada', 'noord')
    expect((await get('/v1/audit', administrator)).statusCode).toBe(403)
    const elsewhere = await tokenFor(asked.store, 'auditor', 'zoe', 'elders')
    const { items } = (await get('/v1/audit', elsewhere)).json<{ items: EventSeen[] }>()
    expect(items.filter(({ who }) => who !== '' && who !== 'zoe')).toEqual([])
  })

  test('is read page by page, and by day', async () => {
    const first = (await get('/v1/audit?limit=2', auditor)).json<{ items: EventSeen[]; next: string }>()
    const second = (await get(`/v1/audit?limit=2&cursor=${first.next}`, auditor)).json<{ items: EventSeen[] }>()
    expect(first.items).toHaveLength(2)
    expect(second.items).toHaveLength(2)
    expect((await get('/v1/audit?from=2001-01-01&to=2001-12-31', auditor)).json()).toEqual({ items: [], next: null })
    expect((await get('/v1/audit?from=yesterday', auditor)).statusCode).toBe(400)
  })

  test('holds along every chain, and ends where its head says', async () => {
    expect(await brokenEvents(asked.store)).toEqual([])
    const [head] = (await get('/v1/audit/heads', auditor)).json<{
      items: { region: string; seq: number; hash: string }[]
    }>().items
    expect(head).toMatchObject({ region: 'noord' })
    expect(await logged('seq = $1 and hash = $2', head!.seq, head!.hash)).toHaveLength(1)
  })
})

let known: string | undefined
async function aPatient(): Promise<string> {
  known ??= (
    await asked.store.pool.query<{ patient_id: string }>(
      `select patient_id from assessment where partner_id = 'p01' and years_before = 0 order by 1 limit 1`,
    )
  ).rows[0]!.patient_id
  return known
}

test('what the database does not keep, in the name of a parameter, does not stop the log for all others', async () => {
  expect((await get('/v1/settlements?poison%00name=1', asked.tokenOf('analyst ann'))).statusCode).toBe(400)
  const [event] = await readBy('who=ann&outcome=refused', ({ object }) => 'poison\uFFFDname' in object)
  expect(event?.code).toBe('invalid_request')
  expect(
    (await get(asked.settlementUrl('/partners/p01/receipt?patient=p01-000'), asked.tokenOf('analyst ann'))).statusCode,
  ).toBe(200)
})
