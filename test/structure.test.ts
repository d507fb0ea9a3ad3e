/** The structure of the source tree: printed, and held to its order. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { STAGES } from '../jobs/flow.ts'
import { placeOf, climbs, mutual } from './support/structure/arrows.ts'
import { circlesIn } from './support/structure/circles.ts'
import { bytesOf, documents, missingIn } from './support/structure/documents.ts'
import { HOMES, MOST_FILES, OF_ONE_KIND, ORDER, OWN_POOL, READS_ENVIRONMENT } from './support/structure/order.ts'
import { orderAsWritten, tableOf } from './support/structure/table.ts'
import { byFolder, readTree, root, type Source } from './support/structure/tree.ts'
import * as use from './support/structure/use.ts'

/** A file that does everything wrong, to see that it is seen. */
const FAULTY = `import type { Store } from '../data/postgres/database.ts'
import { loadArtefact } from '../models/nowhere.ts'
import type { Tensor } from '@tensorflow/tfjs'
export const rows = (store: Store) => store.db.selectFrom('run').selectAll().execute()
export const more = (store: Store) => store.pool.query(text)
const text = 'select run_id from run where region_id = 1'
export const numbers = (tensor: Tensor) => tensor.dataSync()
export const page = () => fetch('http://localhost')
export const home = process.env.HOME
export const now = [Date.now(), new Date(), Math.random(), performance.now()]
export const day = new Date('2026-01-01')
export const wrong = home as unknown as number
// a text that is a number
export const said = home as unknown as number
export const whatever: any = loadArtefact
`
const { sources, sample, checker } = readTree('engine/faulty.ts', FAULTY)
const under = (...folders: readonly string[]): Source[] =>
  sources.filter(({ path }) => folders.some((folder) => path.startsWith(`${folder}/`)))
const product = under('engine', 'models', 'data', 'jobs', 'api', 'verifier')
const folders = byFolder(sources)
const lines = (uses: readonly use.Use[]): number[] => uses.map(({ where }) => Number(where.split(':')[1]))
const said = (uses: readonly use.Use[]): string[] => uses.map(({ where, what }) => `${where}: ${what}`)

describe('folders', () => {
  process.stdout.write(`\n${tableOf(sources)}\n`)

  test(`hold at most ${MOST_FILES} source files of their own`, () => {
    const full = [...folders].filter(([folder, files]) => files.length > MOST_FILES && !(folder in OF_ONE_KIND))
    expect(full.map(([folder, files]) => `${folder} holds ${files.length}`)).toEqual([])
  })

  test('have a README that says what lives there', () => {
    const bare = [...folders.keys()].filter((folder) => !folder.startsWith('test/') && folder !== '.')
    expect(bare.filter((folder) => !existsSync(join(root, folder, 'README.md')))).toEqual([])
  })

  test('stand in the order, each once', () => {
    const placed = product.map(({ path }) => ({ path, place: placeOf(path) }))
    expect(placed.filter(({ place }) => place === null).map(({ path }) => path)).toEqual([])
    const written = Object.entries(ORDER).flatMap(([top, levels]) => levels.flat().map((unit) => `${top}/${unit}`))
    expect(written.filter((unit) => !existsSync(join(root, unit)))).toEqual([])
  })
})

describe('imports', () => {
  test('name files that exist', () => {
    const missing = sources.flatMap(({ path, imports }) =>
      imports.filter((target) => !existsSync(join(root, target))).map((target) => `${path} imports ${target}`),
    )
    expect(missing).toEqual([])
  })

  test('never close a circle of files, not by a type either', () => {
    expect(circlesIn(new Map(sources.map(({ path, imports }) => [path, imports])))).toEqual([])
  })

  test('that close a circle are found, by folders and by files', () => {
    const arrows = { a: ['b'], b: ['c', 'd'], c: ['a'], d: ['e'], e: [], f: ['f'] }
    expect(circlesIn(new Map(Object.entries(arrows)))).toEqual([['a', 'b', 'c'], ['f']])
    const of = (path: string, ...imports: readonly string[]): Source => ({ ...sample, path, imports })
    const both = [
      of('data/a/x.ts', 'data/b/x.ts'),
      of('data/b/y.ts', 'data/a/deep/y.ts'),
      of('data/z.ts', 'data/a/x.ts'),
    ]
    expect(mutual(both)).toHaveLength(1)
    expect(mutual(both.slice(0, 1))).toEqual([])
  })

  test('go upstream only', () => {
    expect(sources.flatMap(climbs)).toEqual([])
  })

  test('never join two sibling folders both ways', () => {
    expect(mutual(sources)).toEqual([])
  })

  test('of packages stay where their home is', () => {
    const strays = [...product, ...under('acceptance')].flatMap(({ path, packages }) =>
      packages
        .filter((name) => HOMES.some(({ of, homes }) => of.test(name) && !homes.some((home) => path.startsWith(home))))
        .map((name) => `${path} imports ${name}`),
    )
    expect(strays).toEqual([])
  })

  test('of the engine are its own alone; the verifier has Node.js and nothing else', () => {
    expect(under('engine').flatMap(({ path, packages }) => packages.map((name) => `${path}: ${name}`))).toEqual([])
    const foreign = under('verifier').flatMap(({ packages }) => packages.filter((name) => !name.startsWith('node:')))
    expect(foreign).toEqual([])
  })
})

describe('use', () => {
  test('is seen in a file that does everything wrong', () => {
    expect(lines(use.sql(sample, checker))).toEqual([4, 4, 5, 6])
    expect(lines(use.tensors(sample, checker))).toEqual([7])
    expect(lines(use.network(sample, checker))).toEqual([8])
    expect(lines(use.environment(sample))).toEqual([9])
    expect(lines(use.outsideWorld(sample, checker))).toEqual([8, 9])
    expect(lines(use.clockOrDice(sample))).toEqual([10, 10, 10, 10])
    expect(lines(use.unexplainedAssertions(sample))).toEqual([12])
    expect(lines(use.anyType(sample))).toEqual([15])
    expect(climbs(sample)).toEqual([
      'engine/faulty.ts imports data/postgres/database.ts',
      'engine/faulty.ts imports models/nowhere.ts',
    ])
  })

  test('of clock and dice is unknown to engine and models', () => {
    expect(said(under('engine', 'models').flatMap(use.clockOrDice))).toEqual([])
  })

  test('of the outside world is unknown to the engine', () => {
    expect(said(under('engine').flatMap((source) => use.outsideWorld(source, checker)))).toEqual([])
  })

  test('of SQL stays in data', () => {
    const outside = [...product, ...under('acceptance')].filter(
      ({ path }) => !path.startsWith('data/') && path !== OWN_POOL,
    )
    expect(said(outside.flatMap((source) => use.sql(source, checker)))).toEqual([])
  })

  test('of tensors stays in models, of the network in api', () => {
    const others = [...product, ...under('acceptance')].filter(({ path }) => !path.startsWith('models/'))
    expect(said(others.flatMap((source) => use.tensors(source, checker)))).toEqual([])
    const quiet = [...product, ...under('acceptance')].filter(({ path }) => !path.startsWith('api/'))
    expect(said(quiet.flatMap((source) => use.network(source, checker)))).toEqual([])
  })

  test('of the environment is for what starts a process', () => {
    const others = sources.filter(({ path }) => !READS_ENVIRONMENT.test(path) && !path.startsWith('test/'))
    expect(said(others.flatMap(use.environment))).toEqual([])
  })

  test('of any is out, and a double assertion says why', () => {
    expect(said(sources.flatMap(use.anyType))).toEqual([])
    expect(said(sources.flatMap(use.unexplainedAssertions))).toEqual([])
  })
})

describe('words', () => {
  // a test that mirrors a source file is named by its path, and its cases say the rest
  test('every file but a test says in its first line what it is', () => {
    const files = sources.filter(({ path }) => !path.endsWith('.test.ts'))
    const dumb = files.filter(({ tree }) => !/^(#!.*\n)?\/\*\* \S[^\n]{15,}/.test(tree.text))
    expect(dumb.map(({ path }) => path)).toEqual([])
  })

  test('every file that a document names exists', () => {
    const named = documents()
    expect(named.length).toBeGreaterThan(20)
    expect(named.flatMap((each) => missingIn(each).map((path) => `${each.path} names ${path}`))).toEqual([])
  })

  const architecture = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')

  test('the stages of ARCHITECTURE.md are those of the flow', () => {
    expect([...architecture.matchAll(/^\| `(\w+)` \|/gm)].map(([, stage]) => stage)).toEqual([...STAGES])
  })

  test('the order of ARCHITECTURE.md is the one that is held', () => {
    expect(architecture).toContain(orderAsWritten())
  })

  test('ARCHITECTURE.md has ten kilobytes at most, README.md seven', () => {
    expect(bytesOf('ARCHITECTURE.md')).toBeLessThanOrEqual(10 * 1024)
    expect(bytesOf('README.md')).toBeLessThanOrEqual(7 * 1024)
  })
})
