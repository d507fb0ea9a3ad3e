/** Ids cut short: whole again where one id alone begins so, among those that whoever asks may see. */
import { sql } from 'kysely'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asIdentity } from '../../../data/access/request-store.ts'
import { idOf } from '../../../data/access/id-prefix.ts'
import { json, runningApp, type RunningApp } from '../../support/services/running-app.ts'
import { settledRegion } from '../../support/regions/settled-region.ts'
import { sha256 } from '../../support/settlements/sha256.ts'

let [asked, foreign]: [RunningApp, string] = [null!, '']
beforeAll(async () => {
  asked = await runningApp()
  foreign = (await settledRegion(asked.store, 'zuid')).settlement.settlement_id
})
afterAll(() => asked.close())

const own = () => asked.noord.settlement.settlement_id
const statusOf = async (url: string) => (await asked.ask('analyst ann', url)).statusCode

/** A contract under a hash of our choice, in the region of the readers. */
async function contractUnder(hash: string, name: string): Promise<void> {
  await sql`insert into contract (contract_sha256, contract_id, programme, yaml, document)
    select ${hash}, ${name}, programme, yaml, document from contract limit 1`.execute(asked.store.db)
  await sql`insert into region_contract (region_id, contract_sha256, contract_id)
    select region_id, ${hash}, ${name} from region where name = 'noord'`.execute(asked.store.db)
}

test('any beginning of 8 digits or more is the id, on every route that takes one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 8, max: 64 }), async (length) => {
      const answer = await asked.ask('analyst ann', `/v1/settlements/${own().slice(0, length)}`)
      expect(answer.json().settlement_id).toBe(own())
    }),
    { numRuns: 12 },
  )
  const model = sha256('noord hba1c')
  expect((await asked.ask('partner p01', `/v1/models/${model.slice(0, 10)}`)).json().model_id).toBe(model)
  expect(await statusOf(`/v1/settlements/${own().slice(0, 9)}/report`)).toBe(200)
})

test('fewer digits, or none that any id begins with, are no id', async () => {
  expect(await statusOf(`/v1/settlements/${own().slice(0, 7)}`)).toBe(400)
  expect(await statusOf('/v1/settlements/0123456789')).toBe(404)
  expect(await statusOf(`/v1/settlements/${own().slice(0, 12)}_`)).toBe(400)
})

test('what another region has is no candidate, and neither found nor counted', async () => {
  expect(await statusOf(`/v1/settlements/${foreign.slice(0, 8)}`)).toBe(404)
  await asIdentity(asked.store, { regionId: 1, role: 'partner', subject: 'nobody' }, async (store) => {
    expect(await idOf(store, 'settlement', own().slice(0, 8))).toBe(own().slice(0, 8))
  })
})

describe('a contract', () => {
  test('is found by the beginning of its hash', async () => {
    await contractUnder('ab12cd34'.repeat(8), 'one-of-a-kind')
    expect((await asked.ask('analyst ann', '/v1/contracts/ab12cd34ab')).json().contract_sha256).toBe(
      'ab12cd34'.repeat(8),
    )
  })

  test('is refused with the number of candidates where two begin so, or one has it for a name', async () => {
    await contractUnder('cafe0000'.padEnd(64, '1'), 'first')
    await contractUnder('cafe0000'.padEnd(64, '2'), 'second')
    await contractUnder('beef0000'.padEnd(64, '3'), 'third')
    await contractUnder('4'.repeat(64), 'beef0000')
    for (const short of ['cafe0000', 'beef0000']) {
      const answer = await asked.ask('analyst ann', `/v1/contracts/${short}`)
      expect(answer.json()).toMatchObject({ status: 409, code: 'ambiguous_id', facts: { candidates: 2 } })
    }
    expect((await asked.ask('analyst ann', '/v1/contracts/cafe00001')).json().contract_sha256).toMatch(/^cafe00001/)
    const run = await asked.ask('analyst ann', '/v1/contracts/cafe0000/runs', json('{}'))
    expect(run.json().code).toBe('ambiguous_id')
  })
})
