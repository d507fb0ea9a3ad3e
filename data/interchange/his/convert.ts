/** The wide extract of a GP information system to the tables of the interface: a row for each patient on each peildatum. */
import { readdir } from 'node:fs/promises'

import { isDay } from '../../../engine/kernel/calendar.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import type { Codes } from '../../vocabulary/codes.ts'
import type { Origin } from '../../files/origins.ts'
import { regularIn } from '../../files/regular-file.ts'
import { readRows, type TableFile, type TableRow } from '../../files/table-rows.ts'
import { TABLES, type Tables } from '../mapping/tables.ts'
import { KEPT, type Tally } from '../mapping/tally.ts'
import { cellsOf, type HisCells } from './cells.ts'
import { LAYOUT_FILE, readLayout, type Layout } from './layout.ts'
import { HisPeople } from './people.ts'
import { surveyCodes } from './lost-zeros.ts'
import type { SourceDay } from '../mapping/source-day.ts'

export interface HisOrder {
  readonly files: HisFiles
  readonly codes: Codes
  readonly tally: Tally
  readonly bytesRead: (file: string, bytes: number) => void
}

export interface HisFiles {
  readonly read: readonly (TableFile & { readonly bytes: number })[]
  readonly ignored: readonly string[]
  /** the source's own extract.yaml */
  readonly layout: string | null
}

const ending = /\.(csv|txt)(\.gz)?$/i

/** Every table in the directory that is none of the interface.
 *  @throws Refusal `missing_directory`, `missing_file` */
export async function hisFilesIn(dir: string): Promise<HisFiles> {
  const names = await readdir(dir).catch(() => {
    throw new Refusal('missing_directory', `${dir} is no directory; give the one with the extract.`, { dir })
  })
  const ours = [...Object.keys(TABLES), 'quality.csv'].flatMap((table) => [table, `${table}.gz`])
  const isExtract = (name: string) => ending.test(name) && !ours.includes(name)
  const extracts = names.filter(isExtract).sort()
  if (extracts.length === 0)
    throw new Refusal('missing_file', `${dir} has no extract: a .csv or .txt file, gzipped or not, is wanted.`, { dir })
  const layout = names.includes(LAYOUT_FILE) ? (await regularIn(dir, LAYOUT_FILE)).path : null
  const read = await Promise.all(extracts.map(async (name) => ({ name, ...(await regularIn(dir, name)) })))
  return { read, layout, ignored: names.filter((name) => !isExtract(name) && name !== LAYOUT_FILE).sort() }
}

/** @throws Refusal of a file that cannot be read to its end, `missing_column` */
export async function convertHis({ files, codes, tally, bytesRead }: HisOrder, tables: Tables): Promise<void> {
  const layout = await readLayout(codes.programmes, files.layout)
  const codesRead = await surveyCodes(files.read, layout)
  const people = new HisPeople(codesRead, tally)
  for (const file of files.read) {
    const rows = new ExtractRows(file, layout, codes, tally, tables, people)
    await readRows(file, null, {
      wanted: [layout.patient, layout.peildatum],
      onRow: rows.take,
      malformed: () => tally.add('row', 'with a wrong number of fields'),
      flush: () => tables.breathe(),
      bytesRead: (bytes) => bytesRead(file.name, bytes),
    })
  }
  await people.write(tables, tally)
}

class ExtractRows {
  private readonly cells: HisCells
  private checked = false

  constructor(
    private readonly file: TableFile,
    private readonly layout: Layout,
    private readonly codes: Codes,
    private readonly tally: Tally,
    private readonly tables: Tables,
    private readonly people: HisPeople,
  ) {
    this.cells = cellsOf(layout)
  }

  take = (row: TableRow, line: number): void => {
    if (!this.checked) this.check(row)
    const origin = { file: this.file.name, line, where: '' }
    const { layout, cells } = this
    const patient = cells.text(row, layout.patient)
    const on = cells.day(row, layout.peildatum)
    if (patient === '') return this.tally.add('row', 'without a patient')
    if (!isDay(on)) return this.tally.add('row', 'without a peildatum')
    this.tally.add('row', KEPT)
    const person = this.people.of(patient, row, on, cells, layout, origin)
    for (const { programme, takesPart, mainPractitioner } of layout.programmes) {
      const answer = cells.text(row, takesPart)
      if (answer === '' && !this.people.isIn(patient, programme)) continue
      const seen = {
        on,
        practice: person.practice,
        takesPart: layout.yes.has(answer.toLowerCase()),
        mainPractitioner: cells.mainPractitioner(row, mainPractitioner),
      }
      if (!this.people.see(patient, programme, seen, origin))
        this.tally.note(`a second answer on one peildatum whether a patient takes part in ${programme}, or under whom`)
    }
    this.takeConditions(row, patient, on, origin)
    this.takeReadings(row, patient, on, person.practice, origin)
  }

  /** A column that is mapped and not there is a slip, if every row hangs on it. */
  private check(row: TableRow): void {
    this.checked = true
    for (const key of ['patient', 'peildatum', 'practice', 'birth'] as const)
      if (!row.has(this.layout[key]))
        throw new Refusal(
          'missing_column',
          `${this.file.name} has no column "${this.layout[key]}" for ${key}; name the right one in ${LAYOUT_FILE}.`,
          { file: this.file.name, column: this.layout[key] },
        )
  }

  private takeReadings(row: TableRow, patient: string, peildatum: SourceDay, practice: string, origin: Origin): void {
    for (const { column, measure, unit, on } of this.layout.measures) {
      if (!row.has(column)) continue
      const { value, unusable } = this.cells.number(row, column)
      const day = on !== '' && row.has(on) ? this.cells.day(row, on) : peildatum
      const fate =
        value === ''
          ? 'not measured'
          : Number(value) === 0 && !this.codes.zeroIsPlausible(measure)
            ? 'a value of 0, which stands for missing'
            : unusable !== ''
              ? unusable
              : day === ''
                ? 'without a date'
                : this.people.isRepeated(`${patient} ${measure} ${day} ${value}`)
                  ? 'repeated'
                  : KEPT
      this.tally.add('reading', fate)
      if (fate !== KEPT) continue
      if (day === peildatum && !row.has(on))
        this.tally.note('readings dated by the peildatum, as the extract has no day for them')
      const converted = this.codes.units.inKnownUnit(measure, value, unit)
      this.tables.add(
        'observations.csv',
        {
          patient_id: patient,
          measure,
          observed_on: day,
          value: converted.value,
          unit: converted.unit,
          partner_id: practice,
        },
        origin,
      )
    }
  }

  /** An episode is open from the first peildatum that shows it; the extract tells no earlier day. */
  private takeConditions(row: TableRow, patient: string, on: SourceDay, origin: Origin): void {
    const { column, separator, system } = this.layout.conditions
    if (!row.has(column)) return
    for (const part of this.cells.text(row, column).split(separator)) {
      const code = part.trim().toUpperCase()
      if (code === '') continue
      const fate = this.people.isRepeated(`${patient} ${code}`) ? 'repeated' : KEPT
      this.tally.add('episode', fate)
      if (fate === KEPT)
        this.tables.add('conditions.csv', { patient_id: patient, code_system: system, code, onset_on: on }, origin)
    }
  }
}
