/** Codes of other systems: which measure, diagnosis, medicine, unit or partner kind they mean here. All of it is data (codes.yaml). */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PARTNER_KINDS } from '../../engine/contract/partner.ts'
import { registeredAs, type Measure, type Programme } from '../../engine/contract/programme.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { readText } from '../files/text-file.ts'
import { yamlDocument } from '../yaml/yaml-document.ts'
import { lastSaid, mappingOf } from './mapping.ts'
import { Units } from './units.ts'
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
  readonly units: Units
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
    for (const { programme, measures, conditions, records = [] } of programmes.values()) {
      for (const measure of [...records.map(registeredAs), ...measures]) this.takeMeasure(measure)
      for (const [system, codes] of Object.entries(conditions))
        for (const code of codes)
          this.programmesByIcpc.set(...added(this.programmesByIcpc, `${system} ${code}`, programme))
    }
    for (const each of theirs) this.takeCodes(each)
    this.units = new Units(this.measures, mappings)
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
    return lastSaid(this.mappings, (m) => m.systems[name]?.[0]) ?? name
  }

  /** The one code of a system that means a measure in the unit that it is kept in: as the mapping says; else the first of the programme's
   *  own that implies no other unit. Undefined where there is none. */
  codeInUnit(key: string, system: string): string | undefined {
    const measure = this.measures.get(key)
    if (measure === undefined) return undefined
    const { unit, codes } = measure
    const implied = (code: string) => lastSaid(this.mappings, (m) => m.measures[key]?.implied?.[system]?.[code]) ?? unit
    return (
      lastSaid(this.mappings, (m) => m.measures[key]?.in_unit?.[unit]?.[system]) ??
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
      return {
        key,
        implied: lastSaid(this.mappings, (m) => m.measures[key]?.implied?.[system]?.[coding.code]) ?? '',
        coding,
      }
    }
    return undefined
  }

  /** The number that a coded answer stands for. */
  answerOf(measure: string, codings: readonly Coding[]): number | undefined {
    for (const { system, code } of codings) {
      const found = lastSaid(this.mappings, (m) => m.measures[measure]?.answers?.[this.systemOf(system)]?.[code])
      if (found !== undefined) return found
    }
    return undefined
  }

  /** The code of a system's answer that stands for a number. */
  answerCode(measure: string, system: string, value: number): string | undefined {
    const answers = lastSaid(this.mappings, (m) => m.measures[measure]?.answers?.[system]) ?? {}
    return Object.keys(answers).find((code) => answers[code] === value)
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
      const atc = name === 'ATC' ? code : lastSaid(this.mappings, (m) => m.medicines[name]?.[code])
      if (atc !== undefined && atc !== '') return atc
    }
    return undefined
  }

  /** The kind of partner by the codes of its type, its AGB code, or its name; `assumed` if none told. */
  kindOf(types: readonly string[], agb: string, name: string): { readonly kind: string; readonly assumed: boolean } {
    const own = types.find((type) => (PARTNER_KINDS as readonly string[]).includes(type))
    if (own !== undefined) return { kind: own, assumed: false }
    for (const type of [...types, agb.slice(0, 2)]) {
      const kind = lastSaid(this.mappings, (m) => m.partners.types[type] ?? m.partners.types[type.slice(0, 2)])
      if (type !== '' && kind !== undefined) return { kind, assumed: false }
    }
    for (const [pattern, kind] of this.mappings.toReversed().flatMap(({ partners }) => partners.names))
      if (new RegExp(pattern, 'i').test(name)) return { kind, assumed: true }
    return { kind: lastSaid(this.mappings, (m) => m.partners.otherwise) ?? 'gp_practice', assumed: true }
  }

  isPayer(types: readonly string[]): boolean {
    return this.mappings.some(({ partners }) => types.some((type) => partners.payers.includes(type)))
  }

  /** Euros for one unit of the currency. */
  eurosFor(currency: string): number | undefined {
    return lastSaid(this.mappings, (m) => m.currencies[currency])
  }

  private icpcOf(system: string, code: string): string | undefined {
    if (system !== 'ICD-10') return lastSaid(this.mappings, (m) => m.diagnoses[system]?.[code])
    for (let part = code; part.length >= 3; part = part.slice(0, -1).replace(/\.$/, '')) {
      const found = lastSaid(this.mappings, (m) => m.diagnoses[system]?.[part])
      if (found !== undefined) return found
    }
    return undefined
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
}

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
