/** The tables of the interface, written as CSV with the origin of every row (interface.md 1). */
import { appendFile, open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { guarded } from '../../files/formulas.ts'
import { OriginWriter } from '../../files/origins.ts'
import type { Origin } from '../../files/origins.ts'

export const TABLES = {
  'partners.csv': ['partner_id', 'name', 'kind', 'agb', 'member_of'],
  'patients.csv': ['patient_id', 'birth_year', 'sex', 'postcode4', 'insurer', 'died_on'],
  'enrolments.csv': [
    'patient_id',
    'programme',
    'partner_id',
    'started_on',
    'ended_on',
    'end_reason',
    'main_practitioner',
  ],
  'observations.csv': ['patient_id', 'measure', 'observed_on', 'value', 'unit', 'partner_id'],
  'conditions.csv': ['patient_id', 'code_system', 'code', 'onset_on', 'resolved_on'],
  'medications.csv': ['patient_id', 'atc', 'started_on', 'ended_on'],
  'claims.csv': ['claim_id', 'patient_id', 'partner_id', 'performed_on', 'code', 'quantity', 'amount_eur', 'setting'],
} as const

export type Table = keyof typeof TABLES
/** A row: one text per column that has any. */
export type Row<T extends Table> = { readonly [column in (typeof TABLES)[T][number]]?: string }

const fullBlock = 1 << 16

/** The file that lists every derived enrolment, with the diagnosis it was derived from. */
export const DERIVED = 'derived.csv'
const derivedColumns = ['file', 'line', 'resource', 'programme', 'partner_id', 'started_on', 'ended_on']

/** Writes tables into a directory. A table that is written by nobody has only its header. */
export class Tables {
  private readonly files = new Map<Table, { csv: FileHandle; origins: OriginWriter }>()
  private readonly pending = new Map<Table, string[]>()
  private pendingRows = 0
  private readonly derived: string[] = []
  private derivedBegun = false

  private constructor(private readonly dir: string) {}

  /** @param tables those that are converted; other tables of the interface may be copied next to them */
  static async open(dir: string, tables: readonly Table[]): Promise<Tables> {
    const made = new Tables(dir)
    for (const table of tables) {
      const csv = await open(join(dir, table), 'w', 0o600)
      await csv.appendFile(`${TABLES[table].join(',')}\n`)
      made.files.set(table, { csv, origins: await OriginWriter.open(dir, table) })
    }
    return made
  }

  add<T extends Table>(table: T, row: Row<T>, origin: Origin): void {
    const file = this.files.get(table)
    if (!file) return
    const cells: Readonly<Record<string, string | undefined>> = row
    const line = TABLES[table]
      .map((column) => cellOf(column === 'name' ? guarded(cells[column] ?? '') : (cells[column] ?? '')))
      .join(',')
    const lines = this.pending.get(table)
    if (lines) lines.push(line)
    else this.pending.set(table, [line])
    file.origins.add(origin)
    this.pendingRows++
  }

  /** An enrolment that was derived, by the diagnosis that it begins with. */
  markDerived(stay: Row<'enrolments.csv'>, { file, line, where }: Origin): void {
    if (!this.files.has('enrolments.csv')) return
    const { programme = '', partner_id = '', started_on = '', ended_on = '' } = stay
    const cells = [file, String(line), where, programme, partner_id, started_on, ended_on]
    this.derived.push(cells.map((each) => cellOf(guarded(each))).join(','))
  }

  /** Writes when enough is waiting. */
  async breathe(): Promise<void> {
    if (this.pendingRows + this.derived.length >= fullBlock) await this.flush()
  }

  async close(): Promise<void> {
    await this.flush()
    for (const { csv, origins } of this.files.values()) {
      await csv.close()
      await origins.close()
    }
    this.files.clear()
  }

  private async flush(): Promise<void> {
    for (const [table, lines] of this.pending) {
      const file = this.files.get(table)
      await file?.csv.appendFile(`${lines.join('\n')}\n`)
      await file?.origins.flush()
    }
    this.pending.clear()
    this.pendingRows = 0
    if (this.derived.length === 0) return
    const path = join(this.dir, DERIVED)
    const header = this.derivedBegun ? '' : `${derivedColumns.join(',')}\n`
    this.derivedBegun = true
    await appendFile(path, `${header}${this.derived.splice(0).join('\n')}\n`, { mode: 0o600 })
  }
}

/** One line per row, whatever characters a name has, so that a row's line follows from its number. */
function cellOf(text: string): string {
  const plain = text.replace(/[\r\n\0]+/g, ' ')
  return /[",;]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
