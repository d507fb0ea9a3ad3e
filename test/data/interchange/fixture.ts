/** Sources in another format for a test: a directory of files, and what their conversion makes of them. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { convert } from '../../../data/interchange/convert.ts'
import type { Conversion, Format } from '../../../data/interchange/convert.ts'

const made: string[] = []

export async function source(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'winst-source-'))
  made.push(dir)
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true })
    await writeFile(join(dir, name), content)
  }
  return dir
}

export const removeSources = async (): Promise<void> => {
  await Promise.all(made.splice(0).map((dir) => rm(dir, { recursive: true, force: true })))
}

export interface Converted extends Conversion {
  /** rows of each table, without their header */
  readonly rows: Readonly<Record<string, readonly string[]>>
  /** fates by kind */
  readonly fates: Readonly<Record<string, Readonly<Record<string, number>>>>
}

export async function converted(format: Format, path: string): Promise<Converted> {
  const into = await source({})
  const { conversion } = await convert(format, path, into)
  const rows: Record<string, string[]> = {}
  for (const table of ['partners', 'patients', 'enrolments', 'observations', 'conditions', 'medications', 'claims'])
    rows[table] = (await readFile(join(into, `${table}.csv`), 'utf8')).trimEnd().split('\n').slice(1)
  return { ...conversion, rows, fates: Object.fromEntries(conversion.read.map(({ of, fates }) => [of, fates])) }
}

/** Every resource or row has exactly one fate. */
export const unaccounted = ({ read }: Conversion): string[] =>
  read.filter(({ read: count, fates }) => count !== Object.values(fates).reduce((a, b) => a + b, 0)).map(({ of }) => of)
