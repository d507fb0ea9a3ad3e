/** The patients of an extract, and their status on each peildatum. */
import type { Origin } from '../../files/origins.ts'
import type { TableRow } from '../../files/table-rows.ts'
import type { Tables } from '../mapping/tables.ts'
import type { Tally } from '../mapping/tally.ts'
import { birthYearIn } from '../../cells/dates.ts'
import type { HisCells } from './cells.ts'
import type { CodeRead, ExtractCodes } from './lost-zeros.ts'
import type { Layout } from './layout.ts'
import { spellsOf, type PeildatumStatus } from './stays.ts'
import type { SourceDay } from '../mapping/source-day.ts'

interface Person {
  birthYear: string
  sex: string
  postcode4: string
  insurer: string
  diedOn: SourceDay
  /** of the latest peildatum */
  on: SourceDay
  origin: Origin
  readonly seen: Map<string, { seen: PeildatumStatus; origin: Origin }[]>
}

export class HisPeople {
  private readonly people = new Map<string, Person>()
  /** of every practice, with the row that names it first */
  private readonly peildata = new Map<string, { readonly days: Set<SourceDay>; readonly origin: Origin }>()
  private readonly reported = new Set<string>()

  constructor(
    private readonly codes: ExtractCodes,
    private readonly tally: Tally,
  ) {}

  private noted({ code, note }: CodeRead): string {
    if (note !== '') this.tally.note(note)
    return code
  }

  /** The person of a row; what the latest peildatum says of somebody holds. */
  of(
    patient: string,
    row: TableRow,
    on: SourceDay,
    cells: HisCells,
    layout: Layout,
    origin: Origin,
  ): { practice: string } {
    const practice = this.noted(this.codes.practices.read(cells.text(row, layout.practice)))
    const known = this.peildata.get(practice)
    if (known) known.days.add(on)
    else this.peildata.set(practice, { days: new Set([on]), origin })
    const before = this.people.get(patient)
    if (!before || on >= before.on) {
      const sex = cells.text(row, layout.sex.column)
      this.people.set(patient, {
        birthYear: birthYearIn(cells.text(row, layout.birth)) ?? cells.text(row, layout.birth),
        sex: layout.sex.words.get(sex.toLowerCase()) ?? (sex === '' ? 'x' : sex),
        postcode4: cells.text(row, layout.postcode).slice(0, 4),
        insurer: this.noted(this.codes.insurers.read(cells.text(row, layout.insurer))),
        diedOn: cells.day(row, layout.died) || (before?.diedOn ?? ''),
        on,
        origin,
        seen: before?.seen ?? new Map(),
      })
    }
    return { practice }
  }

  isIn = (patient: string, programme: string): boolean => this.people.get(patient)?.seen.has(programme) ?? false

  /** @returns false if another answer was given for the same day: the first holds */
  see(patient: string, programme: string, seen: PeildatumStatus, origin: Origin): boolean {
    const person = this.people.get(patient)
    const all = person?.seen.get(programme) ?? []
    person?.seen.set(programme, all)
    const same = all.find((each) => each.seen.on === seen.on)
    if (same === undefined) all.push({ seen, origin })
    return same === undefined || JSON.stringify(same.seen) === JSON.stringify(seen)
  }

  /** Whether it was reported before; marks it as reported. */
  isRepeated(what: string): boolean {
    if (this.reported.has(what)) return true
    this.reported.add(what)
    return false
  }

  async write(tables: Tables, tally: Tally): Promise<void> {
    const days = new Map([...this.peildata].map(([practice, { days: all }]) => [practice, [...all].sort()]))
    for (const [patient, person] of this.people) {
      const { birthYear, sex, postcode4, insurer, diedOn, origin } = person
      tables.add(
        'patients.csv',
        { patient_id: patient, birth_year: birthYear, sex, postcode4, insurer, died_on: diedOn },
        origin,
      )
      for (const [programme, all] of person.seen) writeSpells(tables, patient, programme, all, days, diedOn)
      await tables.breathe()
    }
    for (const practice of [...days.keys()].filter((each) => each !== '').sort()) {
      const agb = /^\d{8}$/.test(practice) ? practice : ''
      tables.add(
        'partners.csv',
        { partner_id: practice, name: `praktijk ${practice}`, kind: 'gp_practice', agb },
        this.peildata.get(practice)!.origin,
      )
      tally.note('practices named by their code, as the extract has no name for them')
    }
  }
}

function writeSpells(
  tables: Tables,
  patient: string,
  programme: string,
  all: readonly { seen: PeildatumStatus; origin: Origin }[],
  days: ReadonlyMap<string, readonly SourceDay[]>,
  diedOn: SourceDay,
): void {
  const sorted = [...all].sort((a, b) => (a.seen.on < b.seen.on ? -1 : 1))
  const seen = sorted.map((each) => each.seen)
  for (const spell of spellsOf(seen, (practice) => days.get(practice) ?? [], diedOn))
    tables.add(
      'enrolments.csv',
      {
        patient_id: patient,
        programme,
        partner_id: spell.practice,
        started_on: spell.since,
        ended_on: spell.until,
        end_reason: spell.endReason,
        main_practitioner: spell.mainPractitioner,
      },
      sorted.find((each) => each.seen.on === spell.since)!.origin,
    )
}
