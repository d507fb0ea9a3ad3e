/** rejects.csv and warnings.csv: a row per fault and per cell left blank, written when the import ends, each with partner, practice and advice. */
import { createReadStream, createWriteStream } from 'node:fs'
import type { WriteStream } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { basename, dirname, join } from 'node:path'
import { createGzip, gunzipSync } from 'node:zlib'
import type { Issue } from '../../../engine/kernel/refusal.ts'
import { guarded } from '../../files/formulas.ts'
import type { Origin, Origins } from '../../files/origins.ts'
import { adviceOn } from './reasons.ts'

const heading = 'file,line,column,value,reason,partner_id,practice_id,advice\n'
const longestValue = 200 // characters of a faulty value that are repeated

/** Whom a row is about, as far as the row says; the patient by the id that may be shown. */
export interface Who {
  readonly partner: string
  readonly patient: string
}
export const NOBODY: Who = { partner: '', patient: '' }

/** The practice of each patient that has one, by the id that may be shown. */
export type PracticesOf = (patients: ReadonlySet<string>) => Promise<ReadonlyMap<string, string>>

type Draft = [
  output: 'rejects' | 'warnings',
  file: string,
  line: number,
  column: string,
  value: string,
  reason: string,
  partner: string,
  patient: string,
]

/** The bytes of both files, gzipped, for the store. */
export interface StoredIssues {
  readonly rejects: Buffer
  readonly warnings: Buffer
}

export class Rejects {
  private pending = ''
  /** whom the faults are about, by the id that may be shown */
  private readonly patients = new Set<string>()
  /** of those whose enrolments were rejected too, the practice that these name */
  private readonly namedPractices = new Map<string, string>()
  private readonly draft: string
  readonly warningsPath: string

  private constructor(
    readonly path: string,
    private stream: WriteStream,
    private readonly origins: Origins | undefined,
  ) {
    this.draft = `${path}.draft`
    this.warningsPath = warningsBeside(path)
  }

  /** Opens `<path>.draft`; the directory is made if it is not there. */
  static async open(path: string, origins?: Origins): Promise<Rejects> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    return new Rejects(path, await opened(`${path}.draft`), origins)
  }

  /** Where a row of a table came from: itself, or the resource or row that it was converted from. */
  placeOf(file: string, line: number): Origin {
    return this.origins?.of(file, line) ?? { file, line, where: '' }
  }

  add(issue: Issue, who: Who): void {
    this.write('rejects', issue, this.placeOf(issue.file, issue.line), who)
  }

  warn(issue: Issue, who: Who): void {
    this.write('warnings', issue, this.placeOf(issue.file, issue.line), who)
  }

  /** A fault that no row of a table has, as what it was made of did not come so far. */
  addAt(place: Origin, issue: Issue, who: Who): void {
    this.write('rejects', issue, place, who)
  }

  private write(output: Draft[0], issue: Issue, place: Origin, { partner, patient }: Who): void {
    const { file, column, value, reason } = issue
    const why = place.where === '' ? reason : `${reason} (${place.where})`
    const shown = value.length > longestValue ? `${value.slice(0, longestValue)}…` : value
    if (patient !== '') {
      this.patients.add(patient)
      if (partner !== '' && file.startsWith('enrolments.csv')) this.namedPractices.set(patient, partner)
    }
    const draft: Draft = [output, place.file, place.line, column, shown, why, partner, patient]
    this.pending += `${JSON.stringify(draft)}\n`
  }

  async flush(): Promise<void> {
    const text = this.pending
    this.pending = ''
    if (text !== '' && !this.stream.write(text)) await once(this.stream, 'drain')
  }

  /** Forgets everything: the import begins anew. */
  async restart(): Promise<void> {
    this.pending = ''
    this.patients.clear()
    this.namedPractices.clear()
    await close(this.stream)
    this.stream = await opened(this.draft)
  }

  /** Writes both files out of the draft, beside their final place. */
  async complete(practicesOf: PracticesOf): Promise<void> {
    await this.flush()
    await close(this.stream)
    const practices = await this.practices(practicesOf)
    const outputs = { rejects: await opened(`${this.path}.new`), warnings: await opened(`${this.warningsPath}.new`) }
    outputs.rejects.write(heading)
    outputs.warnings.write(heading)
    for await (const drafts of this.drafts()) {
      const rows = { rejects: '', warnings: '' }
      for (const draft of drafts) rows[draft[0]] += rowOf(draft, practices)
      for (const each of ['rejects', 'warnings'] as const)
        if (rows[each] !== '' && !outputs[each].write(rows[each])) await once(outputs[each], 'drain')
    }
    for (const output of Object.values(outputs)) await close(output)
  }

  /** The practice of every patient that a fault is about. */
  private async practices(practicesOf: PracticesOf): Promise<ReadonlyMap<string, string>> {
    if (this.patients.size === 0) return this.namedPractices
    return new Map([...this.namedPractices, ...(await practicesOf(this.patients))])
  }

  /** The drafts, as many at a time as are read together. */
  private async *drafts(): AsyncGenerator<readonly Draft[]> {
    let rest = ''
    for await (const chunk of createReadStream(this.draft, { encoding: 'utf8' })) {
      const lines = (rest + (chunk as string)).split('\n')
      rest = lines.pop() ?? ''
      yield lines.map((line) => JSON.parse(line) as Draft)
    }
  }

  /** Moves both files to their final paths. */
  async keep(): Promise<void> {
    await rename(`${this.path}.new`, this.path)
    await rename(`${this.warningsPath}.new`, this.warningsPath)
    await rm(this.draft, { force: true })
  }

  /** Deletes what was written. */
  async discard(): Promise<void> {
    await close(this.stream)
    for (const path of [this.draft, `${this.path}.new`, `${this.warningsPath}.new`]) await rm(path, { force: true })
  }

  /** The completed files, for the store. */
  async gzipped(): Promise<StoredIssues> {
    return { rejects: await gzippedFile(`${this.path}.new`), warnings: await gzippedFile(`${this.warningsPath}.new`) }
  }
}

/** A row of rejects.csv or warnings.csv. */
function rowOf(
  [, file, line, column, value, reason, partner, patient]: Draft,
  practices: ReadonlyMap<string, string>,
): string {
  const practice = practices.get(patient) ?? partner
  const cells = [file, String(line), column, value, reason, partner || practice, practice, adviceOn(reason)]
  return `${cells.map((text) => quoted(guarded(text))).join(',')}\n`
}

/** Writes again what an earlier import of the same directory wrote. */
export async function restoreRejects(path: string, { rejects, warnings }: StoredIssues): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFile(path, gunzipSync(rejects), { mode: 0o600 })
  await writeFile(warningsBeside(path), warnings.length === 0 ? heading : gunzipSync(warnings), { mode: 0o600 })
}

const warningsBeside = (rejectsPath: string): string =>
  join(dirname(rejectsPath), basename(rejectsPath).replace(/(?:rejects)?\.csv$|$/, 'warnings.csv'))

async function opened(path: string): Promise<WriteStream> {
  const stream = createWriteStream(path, { mode: 0o600 })
  await once(stream, 'open')
  return stream
}

async function close(stream: WriteStream): Promise<void> {
  if (stream.closed) return
  if (!stream.writableEnded) stream.end()
  await once(stream, 'close')
}

async function gzippedFile(path: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of createReadStream(path).pipe(createGzip())) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
