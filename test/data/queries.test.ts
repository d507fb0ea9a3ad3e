/** The SQL of the store as compiled, function by function: a changed query is seen in review. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ts from 'typescript'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exportRegion } from '../../data/export/export.ts'
import { importDataset } from '../../data/import/import.ts'
import { issuesOfDelivery } from '../../data/import/issues-by-practice.ts'
import type { Store } from '../../data/postgres/database.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { dataset, removeDatasets } from '../support/regions/dataset.ts'
import { settledRegion } from '../support/regions/settled-region.ts'
import { liveStore } from '../support/services/live.ts'
import { recordedStatements } from '../support/services/recorded-statements.ts'
import type { Calls, Stage } from './queries/calls.ts'
import { regionCalls, snapshotCalls } from './queries/region-calls.ts'
import { listCalls } from './queries/lists-calls.ts'
import { researchCalls } from './queries/research-calls.ts'
import { runsCalls } from './queries/runs-calls.ts'
import { disputeCalls, settlementCalls } from './queries/settlements-calls.ts'

let store: Store
let stage: Stage
let sent: () => string[]
const called = new Set<string>()

beforeAll(async () => {
  store = await liveStore()
  stage = { ...(await settledRegion(store, 'queries')), store, place: await mkdtemp(join(tmpdir(), 'winst-queries-')) }
  sent = recordedStatements(store)
})
afterAll(async () => {
  await store.close()
  await removeDatasets()
  await rm(stage.place, { recursive: true, force: true })
})

/** Makes the calls, and says what each sent; a refusal is an answer too. */
async function statementsOf(calls: Calls): Promise<string> {
  const parts: string[] = []
  for (const [name, call] of Object.entries(calls)) {
    called.add(name.replace(/,.*/, '').split(' ')[1]!)
    sent()
    const refused = await call().then(
      () => null,
      (error: unknown) => {
        if (error instanceof Refusal) return error.code
        throw error
      },
    )
    const texts = sent().filter((text) => !/^(set |begin|commit|rollback)/.test(text))
    expect(texts.length, name).toBeGreaterThan(0)
    const repeated = [...new Set(texts)].map((text) => `${text};`)
    parts.push([`-- ${name}${refused === null ? '' : `: ${refused}`}`, ...repeated].join('\n'))
  }
  return `${parts.join('\n\n')}\n`
}

const holds = async (calls: Calls, file: string): Promise<void> => {
  await expect(await statementsOf(calls)).toMatchFileSnapshot(`queries/${file}.sql`)
}

test('of regions', () => holds(regionCalls(stage), 'region'))

test('of snapshots, profiles, frames and tokens', async () => {
  const { rows } = await store.pool.query<{ delivery_id: number }>('select delivery_id from delivery')
  await holds(snapshotCalls(stage, rows[0]!.delivery_id), 'snapshot')
})

test('of runs', () => holds(runsCalls(stage), 'runs'))

test('of settlements', () => holds(settlementCalls(stage), 'settlements'))

test('of disputes, corrections, differences and the model registry', () => holds(disputeCalls(stage), 'disputes'))

test('of lists, ids cut short, requests under a key, and jobs', () => holds(listCalls(stage), 'lists'))

test('of research', () => holds(researchCalls(stage), 'research'))

test('of an import and an export', async () => {
  const dir = await dataset()
  const rejectsPath = join(stage.place, 'rejects.csv')
  const { regionId, asOf } = stage.world.run
  const calls = {
    'import importDataset': () => importDataset(store, { dir, region: 'imported', rejectsPath }),
    'import issuesOfDelivery': async () => {
      const { rows } = await store.pool.query<{ of: number }>('select max(delivery_id) as of from delivery')
      await issuesOfDelivery(store, rows[0]!.of)
    },
    'export exportRegion': () =>
      exportRegion(store, { regionId, asOf, format: 'csv', dir: join(stage.place, 'out'), gzip: false }),
  }
  await holds(calls, 'import-export')
})

/** Called by what is called above, and nothing of their own. */
const WITHIN = new Set([
  'enterRegion',
  'findDelivery',
  'planDelivery',
  'nextId',
  'recordDelivery',
  'appendDefinitions',
  'recordServers',
  'eachPass',
  'post',
  'readPatients',
  'readRows',
  'readPanelBytes',
  'watchChanges', // has a connection of its own
  'markActed',
  'throughGate', // asks nothing
  'payShare',
  'asHolder',
  'inOnePass',
])

test('every function that is given the store is among them', async () => {
  const asked: string[] = []
  for (const folder of [
    'access',
    'audit',
    'region',
    'work',
    'research',
    'runs',
    'settlements',
    'accounts',
    'snapshot',
    'profile',
    'frames',
  ]) {
    const place = join(import.meta.dirname, '../../data', folder)
    for (const name of (await readdir(place)).filter((each) => each.endsWith('.ts')))
      asked.push(...storeFunctionsIn(await readFile(join(place, name), 'utf8')))
  }
  expect(asked.length).toBeGreaterThan(60)
  expect(asked.filter((name) => !called.has(name) && !WITHIN.has(name))).toEqual([])
})

/** Exported functions whose first parameter is a store, a transaction or a connection. */
function storeFunctionsIn(text: string): string[] {
  const names: string[] = []
  for (const statement of ts.createSourceFile('a.ts', text, ts.ScriptTarget.Latest, true).statements) {
    if (!statement.getText().startsWith('export ')) continue
    const declared = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.map(({ name, initializer }) => [name, initializer] as const)
      : [[ts.isFunctionDeclaration(statement) ? statement.name : undefined, statement] as const]
    for (const [name, value] of declared) {
      if (!name || !value || !(ts.isArrowFunction(value) || ts.isFunctionDeclaration(value))) continue
      if (/Store|Transaction|ClientBase|Pool/.test(value.parameters[0]?.type?.getText() ?? ''))
        names.push(name.getText())
    }
  }
  return names
}
