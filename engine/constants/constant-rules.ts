/** From parsed files of constants to one set, the region's own before the built-in ones. */
import {
  day,
  fault,
  faultTwins,
  type Field,
  fieldOf,
  items,
  mapping,
  refuseFaults,
  shown,
  text,
  word,
} from '../kernel/document.ts'
import { CERTAINTIES, type Constant, type Constants } from './constant.ts'

/** The constants of a parsed YAML document: a list of `{key, value, unit, valid_from, valid_to, source, certainty}`.
 *  @throws Refusal `invalid_constants` with every fault and its path */
export function constantsIn(document: unknown): readonly Constant[] {
  const root = fieldOf(document)
  const list = items(root, 'constants')
  const found = list.map(constantOf)
  faultTwins(
    list,
    found.map(({ key, validFrom }) => (key === '' ? '' : `${key} from ${validFrom}`)),
  )
  faultOverlaps(list, found)
  refuseFaults(root.faults, 'invalid_constants', 'this list of constants')
  return found
}

const KEY = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/

function constantOf(field: Field): Constant {
  const fields = mapping(field, ['key', 'value', 'unit', 'valid_from', 'source', 'certainty'], ['valid_to'])
  const key = text(fields.key)
  if (key !== '' && !KEY.test(key))
    fault(fields.key, 'a key is small letters, digits, _ and -, in parts with full stops between them')
  const certainty = word(fields.certainty, CERTAINTIES)
  const validFrom = day(fields.valid_from)
  const validTo = fields.valid_to === undefined || fields.valid_to.value === null ? null : day(fields.valid_to)
  if (validTo !== null && fields.valid_to && validTo < validFrom)
    fault(fields.valid_to, `it is the last day, and must not lie before valid_from (${validFrom})`)
  return {
    key,
    value: valueOf(fields.value, certainty === 'NF'),
    unit: text(fields.unit),
    validFrom,
    validTo,
    source: text(fields.source),
    certainty,
  }
}

function valueOf(field: Field, mayBeUnknown: boolean): number | string | null {
  const { value } = field
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (typeof value === 'string' && value.trim() !== '') return value
  if (value === null && mayBeUnknown) return null
  fault(
    field,
    `it must be a number or a text${value === null ? '; only a constant marked NF may be without a value' : ''}`,
  )
  return null
}

function faultOverlaps(fields: readonly Field[], constants: readonly Constant[]): void {
  const places = constants.map((constant, at) => ({ constant, field: fields[at] as Field }))
  for (const { constant: later, field } of places) {
    const before = places.find(
      ({ constant: { key, validFrom, validTo } }) =>
        key === later.key && validFrom < later.validFrom && (validTo === null || later.validFrom <= validTo),
    )
    if (before && later.key !== '')
      fault(
        { ...field, path: `${field.path}.valid_from` },
        `${before.field.path} gives ${later.key} a value on that day already; end that one the day before (valid_to)`,
        shown(later.validFrom),
      )
  }
}

/** One set of constants: of a key that the region gives, none of the built-in values holds any more. */
export function constantsOf(builtIn: readonly Constant[], own: readonly Constant[] = []): Constants {
  const keys = new Set(own.map(({ key }) => key))
  const set = new Map<string, Constant[]>()
  const all = [...builtIn.filter(({ key }) => !keys.has(key)), ...own]
  for (const constant of all.sort((a, b) =>
    a.key === b.key ? (a.validFrom < b.validFrom ? -1 : 1) : a.key < b.key ? -1 : 1,
  ))
    set.set(constant.key, [...(set.get(constant.key) ?? []), constant])
  return set
}
