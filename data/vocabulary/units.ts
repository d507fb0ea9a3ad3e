/** Units as people write them, and how a value is brought from one to the unit that a measure is kept in. */
import type { Conversion, Measure } from '../../engine/contract/programme.ts'
import { lastSaid } from './mapping.ts'
import type { Mapping } from './mapping.ts'
import { inUcum, ucumOf } from './ucum.ts'

export interface Quantity {
  readonly value: string
  readonly unit: string
  /** whether the import can convert from the unit */
  readonly known: boolean
}

export class Units {
  private readonly aliases = new Map<string, readonly string[]>()
  private readonly alikes = new Map<string, Map<string, string | undefined>>()

  /** @param mappings later ones win */
  constructor(
    private readonly measures: ReadonlyMap<string, Measure>,
    private readonly mappings: readonly Mapping[],
  ) {
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

  /** How else a unit is written. */
  spellingsOf(unit: string): readonly string[] {
    return this.aliases.get(unit) ?? []
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
    const factor = lastSaid(this.mappings, (m) => m.factors[measure.unit]?.[unit])
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

  /** As UCUM converts between the units, however they are spelled. */
  private converted(value: number, from: string, to: string): number | undefined {
    const [written, kept] = [from.replaceAll(micro, 'u'), to].map((unit) => ucumOf(unit, this.spellingsOf(unit)))
    return written && kept ? inUcum(value, written, kept) : undefined
  }

  private spelledFor(key: string, unit: string): string | undefined {
    return lastSaid(
      this.mappings,
      (m) => Object.entries(m.measures[key]?.spelled ?? {}).find(([, all]) => all.includes(unit))?.[0],
    )
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
