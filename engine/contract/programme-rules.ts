/** From a parsed programme file to a `Programme`, and from the built-in ones and a dataset's own to one set. */
import { canonicalJson } from '../kernel/canonical.ts'
import {
  anyNumber,
  entries,
  fault,
  type Field,
  fieldOf,
  mapping,
  number,
  positive,
  range,
  refuseFaults,
  shown,
  text,
  word,
} from '../kernel/document.ts'
import { inclusionOf, recordsOf } from './inclusion-rules.ts'
import { codeLists, key, keyFault, titleOf } from './programme-fields.ts'
import { liesOnLattice, registeredAs, type Conversion, type Measure, type Programme } from './programme.ts'
import { Refusal } from '../kernel/refusal.ts'

/** The programme that a parsed YAML document describes (interface.md 2).
 *  @throws Refusal `invalid_programme` with every fault and its path */
export function programmeOf(document: unknown): Programme {
  const root = fieldOf(document)
  const fields = mapping(root, ['programme', 'title', 'measures'], ['conditions', 'inclusion', 'records'])
  const measures = entries(fields.measures, 'measure keys to measures')
  if (measures.length === 0 && isMappingField(fields.measures)) fault(fields.measures, 'it must have a measure')
  const programme: Programme = {
    programme: key(fields.programme),
    title: titleOf(fields.title),
    conditions: fields.conditions === undefined ? {} : codeLists(fields.conditions),
    measures: measures.map(([name, field]) => measureOf(name, field)),
    ...(fields.inclusion === undefined ? {} : { inclusion: inclusionOf(fields.inclusion) }),
    ...(fields.records === undefined ? {} : { records: recordsOf(fields.records) }),
  }
  for (const { key: name } of programme.records ?? [])
    if (programme.measures.some((measure) => measure.key === name))
      fault(
        { ...root, path: `records.${name}` },
        'it is a measure of the programme already; give one of them another key',
        shown(name),
      )
  refuseFaults(root.faults, 'invalid_programme', `programme ${programme.programme || 'without a name'}`)
  return programme
}

const isMappingField = ({ value }: Field): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function measureOf(name: string, field: Field): Measure {
  keyFault(field, name)
  const fields = mapping(field, ['title', 'unit', 'better', 'plausible'], ['step', 'mcid', 'codes', 'convert'])
  const plausible = range(fields.plausible, 'no point')
  return {
    key: name,
    title: titleOf(fields.title),
    unit: text(fields.unit),
    better: word(fields.better, ['lower', 'higher', 'window']),
    plausible,
    ...(fields.step === undefined ? {} : { step: stepOf(fields.step, plausible) }),
    ...(fields.mcid === undefined ? {} : { mcid: number(fields.mcid, positive) }),
    codes: fields.codes === undefined ? {} : codeLists(fields.codes),
    convert: fields.convert === undefined ? {} : conversions(fields.convert),
  }
}

/** The highest plausible value lies on the lattice too: there the distribution has a mass. */
function stepOf(field: Field, [low, high]: readonly [number, number]): number {
  const step = number(field, positive)
  if (step > 0 && high > low && !(step <= high - low && liesOnLattice(high, low, step)))
    fault(field, `a whole number of steps must lead from ${low} to ${high}, the plausible range`)
  return step
}

function conversions(field: Field): Record<string, Conversion> {
  const read = entries(field, 'units to {scale, offset}').map(([unit, conversion]): [string, Conversion] => {
    const { scale, offset } = mapping(conversion, ['scale'], ['offset'])
    const notZero = { must: 'it must not be 0', holds: (x: number) => x !== 0 }
    return [unit, { scale: number(scale, notZero), offset: offset === undefined ? 0 : number(offset, anyNumber) }]
  })
  return Object.fromEntries(read)
}

/** One programme file of a dataset: its name is for the sentences only. */
export interface NamedProgramme {
  readonly file: string
  readonly programme: Programme
}

/** The programmes of a region: the built-in ones, with those of the dataset added, or overriding them.
 *
 *  A measure key means one thing in a region: a dataset's definition replaces the built-in of that key in every
 *  programme. A dataset's programme with a built-in name keeps the built-in's other measures, after its own, and its inclusion and records
 *  where it has none itself.
 *  @returns by programme key, in code-unit order
 *  @throws Refusal `invalid_programme` if one dataset defines a programme twice, or a measure in two ways */
export function programmesOf(
  builtIn: readonly Programme[],
  dataset: readonly NamedProgramme[] = [],
): ReadonlyMap<string, Programme> {
  const own = ownMeasures(dataset)
  const merged = new Map(builtIn.map((programme) => [programme.programme, programme]))
  const definedIn = new Map<string, string>()
  for (const { file, programme } of dataset) {
    const name = programme.programme
    const before = definedIn.get(name)
    if (before !== undefined)
      throw new Refusal(
        'invalid_programme',
        `Programme ${name} is defined in ${before} and in ${file}; keep one of them.`,
      )
    definedIn.set(name, file)
    const keys = new Set(programme.measures.map((measure) => measure.key))
    const { measures = [], inclusion, records } = merged.get(name) ?? {}
    const others = measures.filter((measure) => !keys.has(measure.key))
    merged.set(name, {
      ...(inclusion && { inclusion }),
      ...(records && { records }),
      ...programme,
      measures: [...programme.measures, ...others],
    })
  }
  const names = [...merged.keys()].sort()
  return new Map(names.map((name) => [name, withMeasures(merged.get(name) as Programme, own)]))
}

const withMeasures = (programme: Programme, own: ReadonlyMap<string, Measure>): Programme => ({
  ...programme,
  measures: programme.measures.map((measure) => own.get(measure.key) ?? measure),
})

function ownMeasures(dataset: readonly NamedProgramme[]): ReadonlyMap<string, Measure> {
  const own = new Map<string, Measure>()
  const definedIn = new Map<string, string>()
  for (const { file, programme } of dataset)
    for (const measure of programme.measures) {
      const before = own.get(measure.key)
      if (before !== undefined && canonicalJson(before) !== canonicalJson(measure))
        throw new Refusal(
          'invalid_programme',
          `Measure ${measure.key} is defined in ${definedIn.get(measure.key)} and differently in ${file}; a measure key means one thing in a region, so make them equal or give one another key.`,
        )
      own.set(measure.key, measure)
      definedIn.set(measure.key, file)
    }
  return own
}

/** Everything that `observations.csv` may hold in a region, by key, in code-unit order of key: measures, and what is only registered. */
export function measuresOf(programmes: ReadonlyMap<string, Programme>): ReadonlyMap<string, Measure> {
  const registered = [...programmes.values()].flatMap(({ records = [] }) => records.map(registeredAs))
  const measures = [...programmes.values()].flatMap((programme) => programme.measures)
  const all = new Map([...registered, ...measures].map((m) => [m.key, m] as const))
  return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)))
}
