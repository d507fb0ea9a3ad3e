/** Cells of persons and editions, on a population whose every person is known. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Store } from '../../../data/postgres/database.ts'
import { inTransaction } from '../../../data/postgres/transaction.ts'
import { appendResearchCells, readResearchCells } from '../../../data/research/cells.ts'
import { editionOf, holdAgainstOpen, openEditionOf, researchRun } from '../../../data/research/editions.ts'
import { answerRows } from '../../../engine/research/answer.ts'
import type { Person, Seen } from '../../attack/population.ts'
import { layDown, type LaidDown } from '../../attack/region.ts'
import { liveStore } from '../../support/services/live.ts'

let store: Store
let region: LaidDown
/** The fifth settlement is the second again; the third changes one person, the fourth one more. */
const persons = Array.from({ length: 240 }, (_, at): Person => {
  const first: Seen = {
    profile: {
      partner: at % 3 === 0 ? 'p90' : at % 2 === 0 ? 'p01' : 'p02',
      year: '2025',
      postcode_area: at % 4 === 0 ? '24' : '23',
      condition: (['none', 'ICPC-1 K', 'several'] as const)[at % 5 === 0 ? 1 : at % 7 === 0 ? 2 : 0],
      age: at % 8 < 4 ? 60 : 70,
      sex: at % 16 < 8 ? 'f' : 'm',
    },
    isMeasured: at % 6 !== 0,
    value: 45 + (at % 11),
  }
  const other = { ...first, value: 20 }
  const changes =
    at === 31 ? [first, first, other, other, first] : [first, first, first, at === 32 ? null : first, first]
  return { id: `s${at}`, seen: changes }
})

beforeAll(async () => {
  store = await liveStore()
  region = await layDown(store, 'known', persons, { researchers: 1, isBroken: false })
})
afterAll(() => store.close())

const measured = (where: (seen: Seen) => boolean): number[] =>
  persons.flatMap(({ seen }) => (seen[0]!.isMeasured && where(seen[0]!) ? [seen[0]!.value] : []))

test('cells are summed once, and their means and errors are those of the persons', async () => {
  const of = await inTransaction(store, (transaction) => researchRun(transaction, region.settlements[0]!))
  for (const _ of [1, 2]) await inTransaction(store, (transaction) => appendResearchCells(transaction, of))
  const cells = await readResearchCells(store, of.run.runKey, 'condition', ['hba1c'])
  const [row] = answerRows({ measure: 'hba1c', unit: 'mmol/mol', onlyYear: '2025' }, cells, ['condition'])
  const values = measured(({ profile }) => profile.condition === 'ICPC-1 K')
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  expect(row).toMatchObject({ at: { condition: 'ICPC-1 K' }, measured: values.length })
  expect(Math.abs(row!.realisedRaw.mean - mean)).toBeLessThanOrEqual(0.0501)
  expect(Math.abs(row!.realisedRaw.se - Math.sqrt(variance / values.length))).toBeLessThanOrEqual(0.00501)
  expect(Math.abs(row!.gain.mean - (53 - mean))).toBeLessThanOrEqual(0.0501)
  const partners = await readResearchCells(store, of.run.runKey, 'partner', ['hba1c'])
  expect(new Set(partners.map(({ value }) => region.codes.get(value)))).toEqual(new Set(['p01', 'p02', 'p90']))
  expect(
    new Set(partners.filter(({ group }) => group === 'control').map(({ value }) => region.codes.get(value))),
  ).toEqual(new Set(['p90']))
})

test('the first final release is open; a later one where nobody differs, and not where one person does', async () => {
  const { regionId, contract, settlements } = region
  const isOpen = async (at: number) => (await editionOf(store, { regionId, settlementId: settlements[at]! }))?.isOpen
  expect(await openEditionOf(store, { regionId, contractId: contract })).toBe(settlements[0])
  expect(await isOpen(0)).toBe(true)
  expect(await isOpen(2)).toBe(false)
  expect(await isOpen(3)).toBe(false)
  expect(await isOpen(1)).toBe(true)
  expect(await openEditionOf(store, { regionId, contractId: contract })).toBe(settlements[1])
  // Held against both that are open by now, and found again as it was. What is made stays closed only where somebody differs.
  await inTransaction(store, (transaction) => holdAgainstOpen(transaction, settlements[4]!))
  expect(await isOpen(4)).toBe(true)
  expect(await isOpen(2)).toBe(false)
  expect(await editionOf(store, { regionId: regionId + 1, settlementId: 'f'.repeat(64) })).toBeNull()
})

test('no answer is kept of a settlement that is not open, whoever writes it', async () => {
  const { regionId, contract, settlements } = region
  const id = 'a'.repeat(64)
  await store.pool.query(
    `insert into question (question_id, region_id, contract_id, asked_by, document) values ($1, $2, $3, 'researcher:r0', '{}')`,
    [id, regionId, contract],
  )
  const answer = (settlement: string) =>
    store.pool.query(`insert into answer (question_id, settlement_id, document) values ($1, $2, '{}')`, [
      id,
      settlement,
    ])
  await expect(answer(settlements[2]!)).rejects.toMatchObject({ constraint: 'answer_of_an_open_settlement' })
  await answer(settlements[0]!)
  await expect(store.pool.query(`update answer set document = '[]'`)).rejects.toThrow('append-only')
})
