/** Personal features at a landmark: age, sex, time enrolled, season, conditions and medication as of the day. */
import { carePrefixes, type CarePrefix } from './care-groups.ts'
import type { LandmarkRows } from './landmarks.ts'
import { ageIn, SEXES, type Panel, type SpanColumns } from './panel.ts'

const YEAR_DAYS = 365.25
/** The calendar year with its fraction. */
const yearOf = (day: number): number => 1970 + day / 365.2425

/** The columns of the person over the landmarks, by name. Flags are 0 or 1; ages and times in years. */
export function personColumns(panel: Panel, rows: LandmarkRows): Map<string, Float32Array> {
  const columns = new Map<string, Float32Array>()
  const column = (name: string, valueAt: (patient: number, day: number) => number): void => {
    const values = new Float32Array(rows.day.length)
    for (let row = 0; row < values.length; row++) values[row] = valueAt(rows.patient[row]!, rows.day[row]!)
    columns.set(name, values)
  }
  column('age', (patient, day) => ageIn(yearOf(day), panel.birthYear[patient]!) - 0.5)
  column('female', (patient) => Number(SEXES[panel.sex[patient]!] === 'f'))
  column('sex_unknown', (patient) => Number(SEXES[panel.sex[patient]!] === 'x'))
  column('enrolled_years', (patient, day) => yearsEnrolled(panel, patient, day))
  column('season_cos', (_, day) => Math.cos((2 * Math.PI * day) / YEAR_DAYS))
  column('season_sin', (_, day) => Math.sin((2 * Math.PI * day) / YEAR_DAYS))
  for (const group of carePrefixes) {
    const [spans, codes] =
      group.table === 'medication' ? [panel.medications, panel.atcCodes] : [panel.conditions, panel.conditionCodes]
    const belongs = codes.map((code) => belongsTo(code, group))
    const isHere = belongs.includes(true)
    // A column for every group, even one that nobody here is in: the columns are the same in every shard.
    column(`${group.table}.${group.name}`, (patient, day) =>
      isHere ? Number(isActive(spans, belongs, patient, day)) : 0,
    )
  }
  return columns
}

function yearsEnrolled({ enrolments }: Panel, patient: number, day: number): number {
  const from = enrolments.offsets[patient]!
  if (from === enrolments.offsets[patient + 1]! || enrolments.startedOn[from]! > day) return NaN
  return (day - enrolments.startedOn[from]!) / YEAR_DAYS
}

/** A condition's code has its system in front ('ICPC-1:T90.02'), an ATC code stands alone. */
const belongsTo = (code: string, group: CarePrefix): boolean => group.prefixes.some((prefix) => code.startsWith(prefix))

function isActive(spans: SpanColumns, belongs: readonly boolean[], patient: number, day: number): boolean {
  for (let at = spans.offsets[patient]!; at < spans.offsets[patient + 1]!; at++)
    if (spans.since[at]! <= day && day < spans.until[at]! && belongs[spans.code[at]!]) return true
  return false
}
