/** Import of CSV: rows per second compared with a raw \copy of the same files, and its memory. */
import { createReadStream, existsSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { from as copyFrom } from 'pg-copy-streams'
import type { Store } from '../data/postgres/database.ts'
import { measured } from './child.ts'
import type { ImportTook } from './import-child.ts'

const child = fileURLToPath(new URL('import-child.ts', import.meta.url))
const people = ['partners', 'patients', 'enrolments']
const alone = [...people, 'observations']
const all = [...alone, 'conditions', 'medications', 'claims', 'quality']

export const since = (start: number): number => (performance.now() - start) / 1000
const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!

/** Into plain tables of text columns, without a single check: what COPY alone costs. */
async function rawCopy(
  store: Store,
  dir: string,
  names: readonly string[],
): Promise<{ rows: number; seconds: number }> {
  const client = await store.pool.connect()
  const start = performance.now()
  let rows = 0
  try {
    for (const name of names) {
      const path = join(dir, `${name}.csv`)
      if (!existsSync(path)) continue
      await client.query(
        `create table raw_${name} (${(await columnsOf(path)).map((column) => `${column} text`).join(', ')})`,
      )
      const copy = client.query(copyFrom(`copy raw_${name} from stdin with (format csv, header true)`))
      await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), copy)
      rows += copy.rowCount
    }
    return { rows, seconds: since(start) }
  } finally {
    await client.query(`drop table if exists ${names.map((name) => `raw_${name}`).join(', ')}`)
    client.release()
  }
}

async function columnsOf(path: string): Promise<string[]> {
  for await (const start of createReadStream(path, { end: 4096 })) return String(start).split(/\r?\n/, 1)[0]!.split(',')
  return []
}

/** The same directory with no more than what observations need. */
async function withoutTheRest(dir: string, place: string): Promise<string> {
  const to = join(place, 'observations-alone')
  await mkdir(to, { recursive: true })
  for (const name of alone) await copyFile(resolve(dir, `${name}.csv`), join(to, `${name}.csv`))
  return to
}

export interface ImportBenchOrder {
  readonly store: Store
  readonly dir: string
  /** for what is written on the way */
  readonly place: string
  /** how often each is timed, one after the other; medians are reported */
  readonly repeats: number
}

interface Line {
  readonly rows: number
  readonly raw: number[]
  readonly ours: number[]
  readonly cpu: number[]
  readonly memory: number[]
}

/** Times raw COPY and the import in turn; the import runs in a process of its own.
 *  @returns lines of a table */
export async function benchImport(order: ImportBenchOrder): Promise<string[]> {
  const observations = await timed(order, await withoutTheRest(order.dir, order.place), ['observations'])
  const whole = await timed(order, order.dir, all)
  return [
    '| path | rows | rows/s | of \\copy | processor of the process, s | its largest memory, MB |',
    '| --- | --- | --- | --- | --- | --- |',
    ...tableOf('observations.csv', observations),
    ...tableOf('every file', whole),
  ]
}

/** An import in a process of its own. */
const imported = ({ store, place }: Pick<ImportBenchOrder, 'store' | 'place'>, dir: string, region: string) =>
  measured<ImportTook>(process.execPath, ['--import', 'tsx', child, store.url, dir, region, join(place, 'rejects.csv')])

async function timed(
  { store, place, repeats }: ImportBenchOrder,
  dir: string,
  names: readonly string[],
): Promise<Line> {
  const line: Line = { rows: 0, raw: [], ours: [], cpu: [], memory: [] }
  let rows = 0
  for (let turn = 0; turn < repeats; turn++) {
    await store.pool.query('vacuum observation') // as the server does by itself within a minute
    const raw = await rawCopy(store, dir, names)
    rows = raw.rows
    line.raw.push(raw.seconds)
    const region = `bench ${names.length === 1 ? 'observations' : 'whole'} ${turn}`
    const { result, peakMb } = await imported({ store, place }, dir, region)
    line.ours.push(names.length === 1 ? result.observationSeconds : result.seconds)
    line.cpu.push(result.cpuSeconds)
    line.memory.push(peakMb ?? NaN)
  }
  return { ...line, rows }
}

function tableOf(what: string, { rows, raw, ours, cpu, memory }: Line): string[] {
  const perSecond = (seconds: readonly number[]) => Math.round(rows / median(seconds))
  const ratio = (median(raw) / median(ours)).toFixed(2)
  return [
    `| raw \\copy, ${what} | ${rows} | ${perSecond(raw)} | 1.00 | | |`,
    `| import with every check, ${what} | ${rows} | ${perSecond(ours)} | ${ratio} | ${median(cpu).toFixed(1)} | ${Math.max(...memory)} |`,
  ]
}

/** What a very large region takes, imported once.
 *  @returns lines of text */
export async function benchMemory({ store, place }: ImportBenchOrder, dir: string): Promise<string[]> {
  const raw = await rawCopy(store, dir, ['observations'])
  const { result, peakMb } = await imported({ store, place }, dir, 'bench many times')
  const { observations, observationSeconds, seconds, cpuSeconds } = result
  return [
    `${observations} observations: ${Math.round(observations / observationSeconds)} rows/s, ${(raw.seconds / observationSeconds).toFixed(2)} of \\copy;`,
    `${seconds.toFixed(0)} s with people and enrolments, ${cpuSeconds.toFixed(0)} s of processor, ${peakMb} MB at the most`,
  ]
}
