/** What an insurer rewards, and what its providers handed in: reward.yaml, stays.csv, treatments.csv, and the scores of observations.csv. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isDay, type Day } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { rewardOf } from '../../engine/reward/reward-rules.ts'
import type { Reward } from '../../engine/reward/reward.ts'
import type { Stay } from '../../engine/reward/length-of-stay.ts'
import type { Score, Treatment } from '../../engine/reward/rom.ts'
import { readText } from '../files/text-file.ts'
import { readRows, type TableRow } from '../files/table-rows.ts'
import { inFile } from '../region/contract-file.ts'
import { yamlDocument } from '../yaml/yaml-document.ts'

/** @throws Refusal `invalid_yaml` or `invalid_reward`, naming the file, and those of reading a text */
export async function readReward(file: string): Promise<Reward> {
  const document = yamlDocument(await readText(file), file)
  return inFile(file, () => rewardOf(document))
}

/** Everything of a dataset directory that a reward looks at; files that are not there have no rows.
 *  @throws Refusal `unreadable_file`, naming file and line, for a cell that must be read and cannot */
export async function readRewardData(
  dir: string,
  measure: string,
): Promise<{ readonly stays: Stay[]; readonly treatments: Treatment[]; readonly scores: Score[] }> {
  return {
    stays: await rowsOf(dir, 'stays.csv', ['patient_id', 'partner_id', 'admitted', 'kind'], (cell) => ({
      patient: cell.text('patient_id'),
      partner: cell.text('partner_id'),
      admitted: cell.day('admitted'),
      discharged: cell.dayOrNull('discharged'),
      kind: cell.text('kind'),
      instrument: cell.row('instrument'),
      indication: cell.row('indication'),
      evaluatedOn: cell.dayOrNull('evaluated_on'),
    })),
    treatments: await rowsOf(dir, 'treatments.csv', ['patient_id', 'partner_id', 'opened', 'setting'], (cell) => ({
      patient: cell.text('patient_id'),
      partner: cell.text('partner_id'),
      opened: cell.day('opened'),
      closed: cell.dayOrNull('closed'),
      setting: cell.text('setting'),
      disciplines: cell.countOrNull('disciplines'),
      epa: cell.row('epa') === 'true',
    })),
    scores: (
      await rowsOf(dir, 'observations.csv', ['patient_id', 'measure', 'observed_on', 'value'], (cell) =>
        cell.row('measure') === measure
          ? { patient: cell.text('patient_id'), on: cell.day('observed_on'), value: cell.number('value') }
          : null,
      )
    ).filter((score) => score !== null),
  }
}

async function rowsOf<T>(
  dir: string,
  name: string,
  columns: readonly string[],
  read: (cell: Cells) => T,
): Promise<T[]> {
  const path = join(dir, name)
  const rows: T[] = []
  if (!existsSync(path)) return rows
  let header = false
  await readRows({ path, name }, null, {
    onRow: (row, line) => {
      const lacks = columns.find((column) => !row.has(column))
      if (!header && lacks !== undefined)
        throw new Refusal('missing_column', `${name} has no column ${lacks}; it needs ${columns.join(', ')}.`, {
          file: name,
        })
      header = true
      rows.push(read(new Cells(name, line, row)))
    },
    malformed: (line) => {
      throw unreadable(name, line, 'a row', 'another number of fields than the header')
    },
    flush: async () => {},
  })
  return rows
}

/** The cells of one row; what must be there and is not stops the reading, with file, line and column. */
class Cells {
  private readonly name: string
  private readonly line: number
  readonly row: TableRow

  constructor(name: string, line: number, row: TableRow) {
    this.name = name
    this.line = line
    this.row = row
  }

  text(column: string): string {
    const value = this.row(column)
    if (value === '') throw unreadable(this.name, this.line, column, 'blank, and must say something')
    return value
  }

  day(column: string): Day {
    const value = this.row(column)
    if (isDay(value)) return value
    throw unreadable(
      this.name,
      this.line,
      column,
      `"${value.slice(0, 20)}"; a date that exists, as YYYY-MM-DD, would be right`,
    )
  }

  dayOrNull(column: string): Day | null {
    return this.row(column) === '' ? null : this.day(column)
  }

  number(column: string): number {
    const value = Number(this.row(column).replace(',', '.'))
    if (this.row(column) !== '' && Number.isFinite(value)) return value
    throw unreadable(this.name, this.line, column, `"${this.row(column).slice(0, 20)}"; a number would be right`)
  }

  countOrNull(column: string): number | null {
    return this.row(column) === '' ? null : this.number(column)
  }
}

const unreadable = (file: string, line: number, column: string, what: string): Refusal =>
  new Refusal('unreadable_file', `${file}, line ${line}: ${column} is ${what}.`, { file, line, column })
