/** Codes of other systems: which measure, diagnosis, medicine, unit or partner kind they mean here. All of it is data (codes.yaml). */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PARTNER_KINDS } from '../../engine/contract/partner.ts'
import type { Conversion, Measure, Programme } from '../../engine/contract/programme.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { readText } from '../files/text-file.ts'
import { yamlDocument } from '../region/yaml-document.ts'
import { mappingOf } from './mapping.ts'
import { inUcum, ucumOf } from './ucum.ts'
import type { Mapping, MeasureMapping } from './mapping.ts'

/** A code as its writer gives it. */
export interface Coding {
  /** URI, OID or vocabulary */
  readonly system: string
  readonly code: string
  readonly display?: string | undefined
}

/** A measure that a code means. */
export interface MeasureCode {
  readonly key: string
  /** the unit where the writer names none; blank for the measure's own */
  readonly implied: string
}

export interface Quantity {
  readonly value: string
  readonly unit: string
  /** whether the import can convert from the unit */
  readonly known: boolean
}

const builtIn = fileURLToPath(new URL('codes.yaml', import.meta.url))

/** The built-in mapping, the programmes' own codes over it, and a user's mapping.yaml over both.
 *  @throws Refusal `invalid_mapping`, `invalid_yaml` */
export async function readCodes(programmes: ReadonlyMap<string, Programme>, own: string | null): Promise<Codes> {
  const ours = await (builtInMapping ??= readBuiltIn())
  const theirs = own === null ? null : mappingOf(yamlDocument(await readText(own), own), own)
  const codes = new Codes(programmes, theirs === null ? [ours] : [ours, theirs])
  if (theirs !== null && own !== null) refuseUnknownMeasures(codes, theirs, own)
  return codes
}

/** A dataset's own mapping, where it has one. */
export async function mappingIn(dir: string): Promise<string | null> {
  const path = join(dir, 'mapping.yaml')
  return (await stat(path).catch(() => null)) ? path : null
}

// Every import asks for it, and it does not change while a process runs.
let builtInMapping: Promise<Mapping> | undefined

const readBuiltIn = async (): Promise<Mapping> =>
  mappingOf(yamlDocument(await readFile(builtIn, 'utf8'), 'codes.yaml'), 'codes.yaml')

export class Codes {
  private readonly systems = new Map<string, string>()
  private readonly measureCodes = new Map<string, string>()
  private readonly measures = new Map<string, Measure>()
  private readonly aliases = new Map<string, readonly string[]>()
  private readonly alikes = new Map<string, Map<string, string | undefined>>()
  private readonly programmesByIcpc = new Map<string, string[]>()

  /** @param mappings later ones win */
  constructor(
    readonly programmes: ReadonlyMap<string, Programme>,
    private readonly mappings: readonly Mapping[],
  ) {
    for (const { systems } of mappings)
      for (const [name, uris] of Object.entries(systems))
        for (const uri of [name, ...uris]) this.systems.set(asSpelled(uri), name)
    const [ours, ...theirs] = mappings
    this.takeCodes(ours)
    for (const { programme, measures, conditions } of programmes.values()) {
      for (const measure of measures) this.takeMeasure(measure)
      for (const [system, codes] of Object.entries(conditions))
        for (const code of codes)
          this.programmesByIcpc.set(...added(this.programmesByIcpc, `${system} ${code}`, programme))
    }
    for (const each of theirs) this.takeCodes(each)
    for (const { units } of mappings)
      for (const [unit, spellings] of Object.entries(units)) {
        const group = [unit, ...spellings]
        for (const spelling of group)
          this.aliases.set(spelling, [
            ...(this.aliases.get(spelling) ?? []),
            ...group.filter((each) => each !== spelling),
          ])
      }
  }

  /** Everything that it was made of, for a hash. */
  get documents(): unknown {
    return this.mappings
  }

  /** The system by the name that the mapping has for it; as it stands if none. */
  systemOf(system: string): string {
    return this.systems.get(asSpelled(system)) ?? system
  }

  /** The first URI or OID of a system by our name; the name itself if it has none. */
  uriOf(name: string): string {
    return this.last((m) => m.systems[name]?.[0]) ?? name
  }

  /** How else a unit is written. */
  spellingsOf(unit: string): readonly string[] {
    return this.aliases.get(unit) ?? []
  }

  /** The one code of a system that means a measure in the unit that it is kept in: as the mapping says; else the first of the programme's
   *  own that implies no other unit. Undefined where there is none. */
  codeInUnit(key: string, system: string): string | undefined {
    const measure = this.measures.get(key)
    if (measure === undefined) return undefined
    const { unit, codes } = measure
    const implied = (code: string) => this.last((m) => m.measures[key]?.implied?.[system]?.[code]) ?? unit
    return (
      this.last((m) => m.measures[key]?.in_unit?.[unit]?.[system]) ??
      codes[system]?.find((code) => implied(code) === unit)
    )
  }

  /** The first coding that means a measure. */
  measureOf(codings: readonly Coding[]): (MeasureCode & { readonly coding: Coding }) | undefined {
    for (const coding of codings) {
      const system = this.systemOf(coding.system)
      const key =
        system === 'measure' && this.measures.has(coding.code)
          ? coding.code
          : this.measureCodes.get(`${system} ${coding.code}`)
      if (key === undefined || !this.measures.has(key)) continue
      return { key, implied: this.last((m) => m.measures[key]?.implied?.[system]?.[coding.code]) ?? '', coding }
    }
    return undefined
  }

  /** The number that a coded answer stands for. */
  answerOf(measure: string, codings: readonly Coding[]): number | undefined {
    for (const { system, code } of codings) {
      const found = this.last((m) => m.measures[measure]?.answers?.[this.systemOf(system)]?.[code])
      if (found !== undefined) return found
    }
    return undefined
  }

  /** The code of a system's answer that stands for a number. */
  answerCode(measure: string, system: string, value: number): string | undefined {
    const answers = this.last((m) => m.measures[measure]?.answers?.[system]) ?? {}
    return Object.keys(answers).find((code) => answers[code] === value)
  }

  /** A value and its unit as the measure's programme spells it; both as they stand where no spelling is known. */
  inKnownUnit(key: string, value: string, unit: string): Quantity {
    const measure = this.measures.get(key)
    if (measure === undefined || unit === '') return { value, unit, known: false }
    const known = (each: string) => each === measure.unit || Object.hasOwn(measure.convert, each)
    if (known(unit)) return { value, unit, known: true }
    const meant = this.spelledFor(key, unit) ?? this.aliases.get(unit)?.find(known) ?? this.alikeFor(measure, unit)
    if (meant !== undefined) return { value, unit: meant, known: true }
    const number = Number(value)
    if (value.trim() === '' || !Number.isFinite(number)) return { value, unit, known: false }
    const factor = this.last((m) => m.factors[measure.unit]?.[unit])
    const converted = factor === undefined ? this.converted(number, unit, measure.unit) : number * factor
    if (converted === undefined) return { value, unit, known: false }
    return { value: String(converted), unit: measure.unit, known: true }
  }

  /** How a value of a measure is brought from a unit, however it is spelled, to the measure's own: value = scale * x + offset. Undefined where
   *  nobody knows. */
  conversionOf(measure: Measure, unit: string): Conversion | undefined {
    const { value, unit: known, known: isKnown } = this.inKnownUnit(measure.key, '1', unit)
    if (!isKnown) return undefined
    const scale = Number(value)
    if (known === measure.unit) return { scale, offset: 0 }
    return Object.hasOwn(measure.convert, known) ? measure.convert[known] : undefined
  }

  /** Whether a value of 0 can be one of this measure. */
  zeroIsPlausible(key: string): boolean {
    const [least, most] = this.measures.get(key)?.plausible ?? [0, 0]
    return least <= 0 && most >= 0
  }

  /** Whether our table of conditions knows the system. */
  isDiagnosisSystem = (system: string): boolean => ['ICPC-1', 'ICD-10', 'SNOMED'].includes(system)

  /** Programmes that a diagnosis belongs to, in code-unit order.
   *  @param system by our name */
  programmesOf(system: string, code: string): readonly string[] {
    const direct = this.programmesByIcpc.get(`${system} ${system === 'ICPC-1' ? code.replace(/\.00$/, '') : code}`)
    if (direct) return direct
    const icpc = this.icpcOf(system, code)
    return (icpc !== undefined && this.programmesByIcpc.get(`ICPC-1 ${icpc}`)) || []
  }

  /** The ATC code of a medicine, itself or through the mapping. */
  atcOf(codings: readonly Coding[]): string | undefined {
    for (const { system, code } of codings) {
      const name = this.systemOf(system)
      const atc = name === 'ATC' ? code : this.last((m) => m.medicines[name]?.[code])
      if (atc !== undefined && atc !== '') return atc
    }
    return undefined
  }

  /** The kind of partner by the codes of its type, its AGB code, or its name; `assumed` if none told. */
  kindOf(types: readonly string[], agb: string, name: string): { readonly kind: string; readonly assumed: boolean } {
    const own = types.find((type) => (PARTNER_KINDS as readonly string[]).includes(type))
    if (own !== undefined) return { kind: own, assumed: false }
    for (const type of [...types, agb.slice(0, 2)]) {
      const kind = this.last((m) => m.partners.types[type] ?? m.partners.types[type.slice(0, 2)])
      if (type !== '' && kind !== undefined) return { kind, assumed: false }
    }
    for (const [pattern, kind] of this.mappings.toReversed().flatMap(({ partners }) => partners.names))
      if (new RegExp(pattern, 'i').test(name)) return { kind, assumed: true }
    return { kind: this.last((m) => m.partners.otherwise) ?? 'gp_practice', assumed: true }
  }

  isPayer(types: readonly string[]): boolean {
    return this.mappings.some(({ partners }) => types.some((type) => partners.payers.includes(type)))
  }

  /** Euros for one unit of the currency. */
  eurosFor(currency: string): number | undefined {
    return this.last((m) => m.currencies[currency])
  }

  /** As UCUM converts between the units, however they are spelled. */
  private converted(value: number, from: string, to: string): number | undefined {
    const [written, kept] = [from.replaceAll(micro, 'u'), to].map((unit) => ucumOf(unit, this.spellingsOf(unit)))
    return written && kept ? inUcum(value, written, kept) : undefined
  }

  private icpcOf(system: string, code: string): string | undefined {
    if (system !== 'ICD-10') return this.last((m) => m.diagnoses[system]?.[code])
    for (let part = code; part.length >= 3; part = part.slice(0, -1).replace(/\.$/, '')) {
      const found = this.last((m) => m.diagnoses[system]?.[part])
      if (found !== undefined) return found
    }
    return undefined
  }

  private spelledFor(key: string, unit: string): string | undefined {
    return this.last((m) => Object.entries(m.measures[key]?.spelled ?? {}).find(([, all]) => all.includes(unit))?.[0])
  }

  /** The known unit that a spelling equals but for case, spaces, brackets, raised figures, a full stop at its end; undefined if it could be two. */
  private alikeFor(measure: Measure, unit: string): string | undefined {
    let alike = this.alikes.get(measure.key)
    if (alike === undefined) {
      alike = new Map<string, string | undefined>()
      for (const known of [measure.unit, ...Object.keys(measure.convert)]) {
        const spelled = this.mappings.flatMap((m) => m.measures[measure.key]?.spelled?.[known] ?? [])
        for (const spelling of [known, ...this.spellingsOf(known), ...spelled]) {
          const plain = plainUnit(spelling)
          const before = alike.get(plain)
          const isOther = before !== undefined && !this.isSame(measure, before, known)
          alike.set(plain, alike.has(plain) && (before === undefined || isOther) ? undefined : (before ?? known))
        }
      }
      this.alikes.set(measure.key, alike)
    }
    return alike.get(plainUnit(unit))
  }

  /** Whether two known units of a measure are converted alike. */
  private isSame({ unit, convert }: Measure, one: string, other: string): boolean {
    const of = (each: string): Conversion | undefined => (each === unit ? { scale: 1, offset: 0 } : convert[each])
    return of(one)?.scale === of(other)?.scale && of(one)?.offset === of(other)?.offset
  }

  private takeCodes(mapping: Mapping | undefined): void {
    for (const [key, { codes }] of Object.entries(mapping?.measures ?? {})) this.takeMeasureCodes(key, codes ?? {})
  }

  private takeMeasure(measure: Measure): void {
    this.measures.set(measure.key, measure)
    this.takeMeasureCodes(measure.key, measure.codes)
  }

  private takeMeasureCodes(key: string, codes: NonNullable<MeasureMapping['codes']>): void {
    for (const [system, all] of Object.entries(codes))
      for (const code of all) this.measureCodes.set(`${this.systemOf(system)} ${code}`, key)
  }

  /** What the last mapping that says anything says. */
  private last<T>(ask: (mapping: Mapping) => T | undefined): T | undefined {
    for (let at = this.mappings.length - 1; at >= 0; at--) {
      const found = ask(this.mappings[at] as Mapping)
      if (found !== undefined) return found
    }
    return undefined
  }
}

/** A unit without what writers differ in: case, spaces, brackets, raised figures, the decimal sign of 1.73. */
const plainUnit = (unit: string): string =>
  unit
    .toLowerCase()
    .replaceAll(/\s+per\s+/g, '/')
    .replaceAll(/[\s{}[\]()_^*]/g, '')
    .replaceAll('²', '2')
    .replaceAll(micro, 'u')
    .replaceAll(',', '.')
    .replace(/\.$/, '')

const micro = /[µμ]/g

/** One spelling of a system's name: writers differ in case, in http and https, in a slash at the end, in whether an OID is a URN. */
const asSpelled = (system: string): string =>
  system
    .toLowerCase()
    .replace(/^https:/, 'http:')
    .replace(/\/+$/, '')
    .replace(/^(?=\d+(\.\d+){3,}$)/, 'urn:oid:')

function added(lists: ReadonlyMap<string, string[]>, key: string, value: string): [string, string[]] {
  const list = lists.get(key) ?? []
  return [key, list.includes(value) ? list : [...list, value].sort()]
}

/** A mapping's name for a thing that does not exist is a slip worth telling. */
function refuseUnknownMeasures(codes: Codes, mapping: Mapping, file: string): void {
  const known = new Set([...codes.programmes.values()].flatMap(({ measures }) => measures.map(({ key }) => key)))
  const unknown = Object.keys(mapping.measures).find((key) => !known.has(key))
  if (unknown !== undefined)
    throw new Refusal(
      'invalid_mapping',
      `${file}: measures.${unknown} is no measure of any programme; define it in programmes/*.yaml, or use one of ${[...known].sort().join(', ')}.`,
      { file, measure: unknown },
    )
}
