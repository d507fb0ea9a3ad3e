/** A mapping file (codes.yaml, or a dataset's mapping.yaml): its shape, checked. */
import { Refusal } from '../../engine/kernel/refusal.ts'

type ByCode<T> = Readonly<Record<string, Readonly<Record<string, T>>>>

export interface MeasureMapping {
  readonly codes?: Readonly<Record<string, readonly string[]>>
  /** unit by system and code */
  readonly implied?: ByCode<string>
  /** by unit, the code of each system that means the measure in that unit: what an export writes */
  readonly in_unit?: ByCode<string>
  /** spellings by the unit they mean for this measure */
  readonly spelled?: Readonly<Record<string, readonly string[]>>
  readonly answers?: ByCode<number>
}

export interface Mapping {
  readonly systems: Readonly<Record<string, readonly string[]>>
  readonly measures: Readonly<Record<string, MeasureMapping>>
  readonly units: Readonly<Record<string, readonly string[]>>
  readonly factors: ByCode<number>
  readonly diagnoses: ByCode<string>
  readonly medicines: ByCode<string>
  readonly partners: {
    readonly types: Readonly<Record<string, string>>
    readonly names: readonly (readonly [pattern: string, kind: string])[]
    readonly otherwise: string | undefined
    readonly payers: readonly string[]
  }
  readonly currencies: Readonly<Record<string, number>>
}

/** What the last mapping that says anything says. */
export function lastSaid<T>(mappings: readonly Mapping[], ask: (mapping: Mapping) => T | undefined): T | undefined {
  for (let at = mappings.length - 1; at >= 0; at--) {
    const found = ask(mappings[at] as Mapping)
    if (found !== undefined) return found
  }
  return undefined
}

/** @throws Refusal `invalid_mapping`, naming the path */
export function mappingOf(document: unknown, file: string): Mapping {
  const at = new Part(document ?? {}, '', file)
  at.only(['systems', 'measures', 'units', 'factors', 'diagnoses', 'medicines', 'partners', 'currencies'])
  const partners = at.part('partners')
  partners.only(['types', 'names', 'otherwise', 'payers'])
  return {
    systems: at.part('systems').record((each) => each.texts()),
    measures: at.part('measures').record(measureMapping),
    units: at.part('units').record((each) => each.texts()),
    factors: at.part('factors').record((each) => each.record((one) => one.number())),
    diagnoses: at.part('diagnoses').record((each) => each.record((one) => one.text())),
    medicines: at.part('medicines').record((each) => each.record((one) => one.text())),
    partners: {
      types: partners.part('types').record((each) => each.text()),
      names: partners.part('names').list((each) => each.pair()),
      otherwise: partners.part('otherwise').isAbsent ? undefined : partners.part('otherwise').text(),
      payers: partners.part('payers').texts(),
    },
    currencies: at.part('currencies').record((each) => each.number()),
  }
}

function measureMapping(each: Part): MeasureMapping {
  each.only(['codes', 'implied', 'in_unit', 'spelled', 'answers'])
  return {
    codes: each.part('codes').record((one) => one.texts()),
    implied: each.part('implied').record((one) => one.record((code) => code.text())),
    in_unit: each.part('in_unit').record((one) => one.record((code) => code.text())),
    spelled: each.part('spelled').record((one) => one.texts()),
    answers: each.part('answers').record((one) => one.record((code) => code.number())),
  }
}

/** A place in the document; what is absent is empty. */
class Part {
  constructor(
    private readonly value: unknown,
    private readonly path: string,
    private readonly file: string,
  ) {}

  get isAbsent(): boolean {
    return this.value === undefined || this.value === null
  }

  part(name: string): Part {
    const fields = this.isAbsent ? {} : this.object()
    return this.at(name, Object.hasOwn(fields, name) ? fields[name] : undefined)
  }

  only(names: readonly string[]): void {
    const unknown = this.isAbsent ? undefined : Object.keys(this.object()).find((name) => !names.includes(name))
    if (unknown !== undefined)
      throw this.at(unknown, null).fault(`is not known; it should be one of ${names.join(', ')}`)
  }

  /** Without the properties that every object has: it is asked by whatever codes a source writes, `constructor` too. */
  record<T>(read: (part: Part) => T): Record<string, T> {
    const record = Object.create(null) as Record<string, T>
    if (this.isAbsent) return record
    for (const [name, value] of Object.entries(this.object())) record[name] = read(this.at(name, value))
    return record
  }

  list<T>(read: (part: Part) => T): T[] {
    if (this.isAbsent) return []
    if (!Array.isArray(this.value)) throw this.fault('should be a list')
    return this.value.map((value, i) => read(this.at(String(i), value)))
  }

  texts(): string[] {
    return this.list((each) => each.text())
  }

  text(): string {
    if (typeof this.value === 'string') return this.value
    if (typeof this.value === 'number') return String(this.value)
    throw this.fault('should be a text')
  }

  number(): number {
    if (typeof this.value === 'number' && Number.isFinite(this.value)) return this.value
    throw this.fault('should be a number')
  }

  pair(): [string, string] {
    const [first, second, ...rest] = this.texts()
    if (first === undefined || second === undefined || rest.length > 0)
      throw this.fault('should be a pattern and a kind')
    return [first, second]
  }

  private object(): Record<string, unknown> {
    if (typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value))
      return this.value as Record<string, unknown>
    throw this.fault('should be a mapping')
  }

  private at(name: string, value: unknown): Part {
    return new Part(value, this.path === '' ? name : `${this.path}.${name}`, this.file)
  }

  private fault(what: string): Refusal {
    return new Refusal('invalid_mapping', `${this.file}: ${this.path || 'the document'} ${what}.`, {
      file: this.file,
      path: this.path,
    })
  }
}
