/** Imports one source and checks the invariants that must hold for any source. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { Store } from '../../data/postgres/database.ts'
import { FACT_FILES } from '../../data/import/rows/fact-files.ts'
import { importDataset } from '../../data/import/import.ts'
import type { ImportOrder, ImportResult } from '../../data/import/import.ts'
import { importConverted } from '../../data/interchange/convert.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { changedBetween, factsIn } from './facts.ts'
import type { Files } from './containers.ts'
import type { Seed } from './seeds.ts'

export interface Case {
  readonly format: Seed['format']
  readonly files: Files
  /** what the region holds before; null: it is new */
  readonly before: Files | null
  readonly maxRejects: number
  readonly pseudonymKey?: string | undefined
}

/** `imported`, or the code of the refusal. */
export type Outcome = string

let regions = 0

/** @throws Error if something does not hold that must */
export async function importSource(store: Store, one: Case): Promise<Outcome> {
  const place = await mkdtemp(join(tmpdir(), 'case-'))
  const dir = join(place, 'source')
  const region = `region ${++regions}`
  try {
    const order = { region, rejectsPath: join(place, 'out', 'rejects.csv'), pseudonymKey: one.pseudonymKey }
    if (one.before) {
      await write(join(place, 'before'), one.before)
      await enter(store, one.format, { ...order, dir: join(place, 'before'), maxRejects: 1 })
      await rm(join(place, 'out'), { recursive: true })
    }
    await write(dir, one.files)
    return await judged(store, one, { ...order, dir, maxRejects: one.maxRejects })
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}

async function judged(store: Store, { format, files }: Case, order: ImportOrder): Promise<Outcome> {
  const before = await factsIn(store)
  const left = await leftBehind()
  let result: ImportResult
  try {
    result = await enter(store, format, order)
  } catch (error) {
    if (!(error instanceof Refusal)) throw new Error('a crash where a refusal was due', { cause: error })
    must(error.message.length < 2000 && error.message !== '', `a sentence, not ${error.message.length} characters`)
    must(changedBetween(before, await factsIn(store)).length === 0, 'a refused import leaves no trace')
    if (['too_many_rejects', 'nothing_left'].includes(error.code))
      must((await rejectsOf(order)).length > 0, 'the rejects are listed')
    else must((await outOf(order)).length === 0, 'a refused import writes nothing')
    must(same(left, await leftBehind()), 'temporary directories are removed')
    return error.code
  }
  must(same(left, await leftBehind()), 'temporary directories are removed')
  await accountedFor(result, order, format === 'csv' ? files : {})
  await changesNothingAgain(store, format, order, result)
  return 'imported'
}

const enter = async (store: Store, format: Case['format'], order: ImportOrder): Promise<ImportResult> =>
  format === 'csv' ? await importDataset(store, order) : await importConverted(store, format, order)

/** Every row is accepted or rejected, every reject has its lines in rejects.csv, and rows are as many as an eye would count. */
async function accountedFor({ files }: ImportResult, order: ImportOrder, sources: Files): Promise<void> {
  const lines = new Map<string, Set<string>>()
  for (const [file = '', line = ''] of await rejectsOf(order)) lines.set(file, (lines.get(file) ?? new Set()).add(line))
  for (const { file, rows, accepted, rejected, unchanged } of files) {
    must(accepted + rejected === rows, `${file}: ${rows} rows are ${accepted} accepted and ${rejected} rejected`)
    must(unchanged >= 0 && unchanged <= accepted, `${file}: ${unchanged} unchanged of ${accepted} accepted`)
    const source = sources[file]
    if (!source) continue
    const listed = lines.get(file)?.size ?? 0
    must(listed === rejected, `${file}: ${rejected} rejected, of which rejects.csv lists ${listed}`)
    if (source.includes('"') || file.endsWith('.gz')) continue
    const counted = source
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .split('\n')
      .filter((text) => text.replace(/\r$/, '') !== '')
    // Titles above the header are passed over, and told.
    const after = counted.length - 1 - headerAt(file, counted)
    must(rows === after, `${file}: ${rows} rows, where ${after} lines follow the header`)
  }
  if (Object.keys(sources).length === 0)
    must(
      lines.size > 0 === files.some(({ rejected }) => rejected > 0),
      'rejects.csv tells of rejects, and of nothing else',
    )
}

/** Where the header stands: the first of the lines that names every column of its file. */
function headerAt(file: string, lines: readonly string[]): number {
  const columns = FACT_FILES.find((fact) => fact.file === file)?.columns.required ?? []
  return Math.max(
    0,
    lines.findIndex((line) => columns.every((column) => line.includes(column))),
  )
}

/** Neither the same directory, nor the same rows as a later delivery, change a fact. */
async function changesNothingAgain(
  store: Store,
  format: Case['format'],
  order: ImportOrder,
  { files, deliveredOn }: ImportResult,
): Promise<void> {
  const [facts, rejects] = [await factsIn(store), await readFile(order.rejectsPath)]
  const again = await enter(store, format, order)
  must(!again.imported, 'the same directory is known again')
  must(changedBetween(facts, await factsIn(store)).length === 0, 'the same directory changes nothing')
  must(rejects.equals(await readFile(order.rejectsPath)), 'rejects.csv is written again as it was')
  // What was known already was not measured against the share of rejects; as a delivery of its own it would be.
  const later = await enter(store, format, { ...order, delivered: '2199-12-31', maxRejects: 1 })
  must(later.imported === (deliveredOn !== '2199-12-31'), 'a later delivery of the same is a delivery')
  for (const { file, unchanged, accepted } of later.files)
    must(
      unchanged === accepted,
      `${file}, delivered again: ${accepted - unchanged} of ${accepted} rows are taken for new`,
    )
  const ofDelivery =
    /^(change_count|delivery|delivery_rejects|source_file|programme_definition|unit_usage|likely_cause)$/
  const changed = changedBetween(facts, await factsIn(store)).filter((table) => !ofDelivery.test(table))
  must(changed.length === 0, `the same rows delivered later change ${changed.join(', ')}`)
  must(
    later.files.every(({ rows }, at) => rows === files[at]?.rows),
    'a later delivery has the same rows',
  )
}

async function write(dir: string, files: Files): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true })
    await writeFile(join(dir, name), bytes)
  }
}

/** rejects.csv by a parser that is not ours, without its header. */
async function rejectsOf({ rejectsPath }: ImportOrder): Promise<string[][]> {
  const records: string[][] = parse(await readFile(rejectsPath))
  const header = 'file,line,column,value,reason,partner_id,practice_id,advice'
  must(records[0]?.join() === header, 'rejects.csv has its header')
  must(
    records.slice(1).every(([file, line]) => file !== '' && /^\d+$/.test(line ?? '')),
    'a reject has a file and a line',
  )
  return records.slice(1)
}

const outOf = ({ rejectsPath }: ImportOrder): Promise<string[]> => readdir(dirname(rejectsPath)).catch(() => [])
const leftBehind = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('winst-')).sort()
const same = (one: readonly string[], other: readonly string[]): boolean => one.join() === other.join()

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`Does not hold: ${what}`)
}
