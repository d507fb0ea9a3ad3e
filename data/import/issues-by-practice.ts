/** rejects.csv and warnings.csv as a file for each practice, in its language, so that each can mend its own. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Store } from '../postgres/database.ts'
import { quotedRecords } from '../files/csv-records.ts'
import { worded } from './rows/reasons.ts'
import type { Language } from './rows/reasons.ts'

/** The texts of both files. */
export interface IssueTexts {
  readonly rejects: string
  readonly warnings: string
}

/** The rows of one practice, as a file of its own. */
export interface PracticeText extends PracticeIssues {
  readonly text: string
}

export interface PracticeIssues {
  /** blank: rows of which no practice is known */
  readonly practice: string
  readonly file: string
  readonly rejected: number
  readonly kept: number
}

const columns = ['file', 'line', 'column', 'value', 'reason', 'partner_id', 'practice_id', 'advice'] as const
const words = {
  en: { rejects: 'rejected', warnings: 'kept', nobody: 'no-practice' },
  nl: { rejects: 'afgewezen', warnings: 'behouden', nobody: 'zonder-praktijk' },
} as const

/** The issues of a delivery's import, as stored; none where a ruling, and no file, was delivered. */
export async function issuesOfDelivery(store: Pick<Store, 'db'>, deliveryId: number): Promise<IssueTexts> {
  const stored = await store.db
    .selectFrom('delivery_rejects')
    .select(['csv_gzip', 'warnings_gzip'])
    .where('delivery_id', '=', deliveryId)
    .executeTakeFirst()
  const textOf = (bytes: Buffer | null): string =>
    bytes === null || bytes.length === 0 ? '' : gunzipSync(bytes).toString('utf8')
  return { rejects: textOf(stored?.csv_gzip ?? null), warnings: textOf(stored?.warnings_gzip ?? null) }
}

/** The issues of an import in a directory, whether the import succeeded or not. */
export async function issuesInDirectory(dir: string): Promise<IssueTexts> {
  const [rejects, warnings] = ['rejects.csv', 'warnings.csv'].map((name) => join(dir, name))
  return { rejects: await readFile(rejects!, 'utf8'), warnings: await readFile(warnings!, 'utf8').catch(() => '') }
}

/** How many rows of each practice were not taken, or kept with a remark; most first. */
export function issueCounts(texts: IssueTexts): Omit<PracticeIssues, 'file'>[] {
  const counts = new Map<string, { rejected: number; kept: number }>()
  for (const [kind, name] of [
    ['rejects', 'rejected'],
    ['warnings', 'kept'],
  ] as const)
    for (const cells of rowsIn(texts[kind])) {
      const practice = cells[6] ?? ''
      const count = counts.get(practice) ?? { rejected: 0, kept: 0 }
      counts.set(practice, count)
      count[name]++
    }
  return [...counts].map(([practice, count]) => ({ practice, ...count })).sort(mostFirst)
}

const mostFirst = (a: Omit<PracticeIssues, 'file'>, b: Omit<PracticeIssues, 'file'>): number =>
  b.rejected + b.kept - a.rejected - a.kept || (a.practice < b.practice ? -1 : 1)

/** Writes a file for each practice.
 *  @returns what was written, most rows first */
export async function writeIssuesByPractice(
  texts: IssueTexts,
  language: Language,
  dir: string,
): Promise<readonly PracticeIssues[]> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const found = issuesByPractice(texts, language)
  for (const { file, text } of found) await writeFile(join(dir, file), text, { mode: 0o600 })
  return found.map(({ text: _text, ...practice }) => practice)
}

/** The issues of each practice, most rows first. */
export function issuesByPractice(texts: IssueTexts, language: Language): readonly PracticeText[] {
  const practices = new Map<string, { rows: string[]; rejects: number; warnings: number }>()
  for (const kind of ['rejects', 'warnings'] as const)
    for (const cells of rowsIn(texts[kind])) {
      const practice = cells[6] ?? ''
      const held = practices.get(practice) ?? { rows: [], rejects: 0, warnings: 0 }
      practices.set(practice, held)
      held[kind]++
      const { reason, advice } = worded(cells[4] ?? '', language)
      const row = [...cells.slice(0, 4), reason, cells[5] ?? '', practice, advice, words[language][kind]]
      held.rows.push(row.map(quoted).join(','))
    }
  const written: PracticeText[] = []
  for (const [practice, { rows, rejects, warnings }] of practices) {
    const file = `${practice === '' ? words[language].nobody : fileNameOf(practice)}.csv`
    const text = `${[...columns, 'outcome'].join(',')}\n${rows.join('\n')}\n`
    written.push({ practice, file, rejected: rejects, kept: warnings, text })
  }
  return written.sort(mostFirst)
}

function rowsIn(text: string): string[][] {
  const rows: string[][] = []
  quotedRecords(text, 1, ',', (fields, count, line) => {
    // a file of before there was advice has five columns
    if (line > 1) rows.push(Array.from({ length: columns.length }, (_, at) => (at < count ? (fields[at] ?? '') : '')))
  })
  return rows
}

/** An id as the name of a file: two practices never share one. */
function fileNameOf(practice: string): string {
  const plain = practice.replaceAll(/[^\w.-]/g, '_').replace(/^\.+/, '_')
  if (plain === practice && plain.length <= longestName) return plain
  return `${plain.slice(0, longestName)}-${createHash('sha256').update(practice).digest('hex').slice(0, 8)}`
}

const longestName = 80

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
