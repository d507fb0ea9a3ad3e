/** A dataset directory: which of its files count, that they can be imported at all, and the hash of what they say. */
import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { readHeader } from '../files/csv.ts'
import type { Header } from '../files/header.ts'
import { openRegular, regularIn } from '../files/regular-file.ts'
import { FACT_FILES } from './rows/fact-files.ts'
import type { FactFile } from './rows/fact-file.ts'

export interface DatasetFile {
  readonly fact: FactFile
  readonly path: string
  /** as found: observations.csv or observations.csv.gz */
  readonly name: string
  readonly header: Header
  readonly bytes: number
}

export interface UnknownColumn {
  readonly file: string
  readonly column: string
}

/** Finds the files of the interface in a directory and reads their headers.
 *  @throws Refusal `missing_directory`, `missing_file`, `missing_column`, `two_files`, `outside_dataset`, `not_a_regular_file`, and
 *    those of reading a header */
export async function findFiles(dir: string): Promise<DatasetFile[]> {
  const names = await namesIn(dir)
  const missing = FACT_FILES.filter((fact) => fact.required && !names.some((name) => isFile(fact, name)))
  if (missing.length > 0) {
    const list = missing.map((fact) => fact.file).join(', ')
    throw new Refusal(
      'missing_file',
      `${dir} has no ${list}; a dataset needs ${FACT_FILES.filter((fact) => fact.required)
        .map((fact) => fact.file)
        .join(', ')} (each may be gzipped: .csv.gz).${otherwise(missing, names)}`,
      { files: missing.map((fact) => fact.file) },
    )
  }
  const files: DatasetFile[] = []
  for (const fact of FACT_FILES) {
    const [name, second] = names.filter((each) => isFile(fact, each))
    if (second !== undefined)
      throw new Refusal('two_files', `${dir} has both ${name} and ${second}; keep one of them.`, { file: fact.file })
    if (name !== undefined) files.push(await fileAt(fact, dir, name))
  }
  return files
}

/** Columns that the interface does not have: reported, and ignored. */
export const unknownColumnsOf = (files: readonly DatasetFile[]): UnknownColumn[] =>
  files.flatMap(({ fact, name, header }) =>
    header.columns
      .filter((column) => column !== '' && !fact.columns.required.includes(column))
      .filter((column) => !fact.columns.optional.includes(column))
      .map((column) => ({ file: name, column })),
  )

/** The name and hash of every file, in their order. */
export async function digestsOf(files: readonly DatasetFile[]): Promise<(readonly [name: string, sha256: string])[]> {
  return await Promise.all(
    files.map(async ({ name, path }) => {
      const hash = createHash('sha256')
      const file = await openRegular(path, name)
      await pipeline(file.createReadStream({ highWaterMark: 1 << 20 }), hash)
      return [name, hash.digest('hex')] as const
    }),
  )
}

/** SHA-256 over the files' names and bytes, and over `choices`: everything else that shapes the rows. */
export const contentSha256Of = (digests: Awaited<ReturnType<typeof digestsOf>>, choices: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify([choices, ...digests]))
    .digest('hex')

async function namesIn(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).sort()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const what =
      code === 'ENOTDIR' ? 'is not a directory' : code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`
    throw new Refusal(
      'missing_directory',
      `The dataset ${dir} ${what}; give a directory with ${FACT_FILES[0]?.file} and the rest.`,
      {
        dir,
      },
    )
  }
}

/** What lies there in place of a file that is missing, and what to do with it. */
function otherwise(missing: readonly FactFile[], names: readonly string[]): string {
  const stems = missing.map(({ file }) => file.replace(/\.csv$/, ''))
  const found = names.filter((name) => stems.includes(name.toLowerCase().replace(/\.[^.]+$/, '')))
  if (found.length === 0) return ''
  return ` There is ${listed(found)}: save each as CSV (UTF-8), or say with --format how it is written.`
}

const mostListed = 20
const longestListed = 40 // characters of a name

/** The first names of a list, none too long: a header may be a megabyte of anything. */
function listed(names: readonly string[]): string {
  const short = names
    .slice(0, mostListed)
    .map((name) => (name.length > longestListed ? `${name.slice(0, longestListed)}…` : name))
  return names.length > mostListed ? `${short.join(', ')} and ${names.length - mostListed} more` : short.join(', ')
}

const isFile = (fact: FactFile, name: string): boolean =>
  name.toLowerCase() === fact.file || name.toLowerCase() === `${fact.file}.gz`

async function fileAt(fact: FactFile, dir: string, name: string): Promise<DatasetFile> {
  const { path, bytes } = await regularIn(dir, name)
  const header = await readHeader(path, name, { table: fact.file, columns: fact.columns.required })
  const missing = fact.columns.required.filter((column) => !header.columns.includes(column))
  if (missing.length > 0)
    throw new Refusal(
      'missing_column',
      `${name}, line ${header.line}: missing column ${missing.join(', ')}; found are ${listed(header.columns)}.`,
      { file: name, columns: missing },
    )
  return { fact, path, name, header, bytes }
}
