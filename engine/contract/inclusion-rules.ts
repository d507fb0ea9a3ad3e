/** The rules that `inclusion` and `records` of a programme file keep. */
import {
  anyNumber,
  entries,
  fault,
  type Field,
  items,
  mapping,
  number,
  range,
  text,
  texts,
  wholeNotNegative,
  wholePositive,
  word,
} from '../kernel/document.ts'
import type { Criteria, Exclusion, Inclusion, RecordKind } from './inclusion.ts'
import { codeLists, keyFault, titleOf } from './programme-fields.ts'

const CRITERIA = ['codes', 'atc', 'last_value'] as const
const DAYS_OF_A_VALUE = 366

export function inclusionOf(field: Field): Inclusion {
  const fields = mapping(field, [], ['any', 'age_from', 'age_to', 'main_practitioner', 'consent', 'out'])
  const ageFrom = fields.age_from === undefined ? null : number(fields.age_from, wholeNotNegative)
  const ageTo = fields.age_to === undefined ? null : number(fields.age_to, wholeNotNegative)
  if (fields.age_to && ageFrom !== null && ageTo !== null && ageTo < ageFrom)
    fault(fields.age_to, `it must not be below age_from (${ageFrom})`)
  return {
    any:
      fields.any === undefined
        ? []
        : items(fields.any, 'criteria').map((item) => criteriaFrom(item, mapping(item, [], CRITERIA))),
    ageFrom,
    ageTo,
    mainPractitioner:
      fields.main_practitioner === undefined || word(fields.main_practitioner, ['gp', 'any']) === 'gp' ? 'gp' : null,
    consent: fields.consent === undefined ? 'not_refused' : word(fields.consent, ['required', 'not_refused']),
    out: fields.out === undefined ? [] : items(fields.out, 'exclusions').map(exclusionOf),
  }
}

function exclusionOf(field: Field): Exclusion {
  const { reason, ...fields } = mapping(field, ['reason'], CRITERIA)
  return { reason: text(reason), ...criteriaFrom(field, fields) }
}

type CriteriaFields = Partial<Record<(typeof CRITERIA)[number], Field>>

function criteriaFrom(field: Field, { codes, atc, last_value }: CriteriaFields): Criteria {
  if (codes === undefined && atc === undefined && last_value === undefined)
    fault(field, `it must name one of ${CRITERIA.join(', ')}`)
  return {
    codes: codes === undefined ? {} : codeLists(codes),
    atc: atc === undefined ? [] : texts(atc, 'ATC codes'),
    lastValue: last_value === undefined ? null : lastValueOf(last_value),
  }
}

function lastValueOf(field: Field): Criteria['lastValue'] {
  const fields = mapping(field, ['measure'], ['days', 'at_least', 'at_most'])
  if (fields.at_least === undefined && fields.at_most === undefined) fault(field, 'it must name at_least or at_most')
  return {
    measure: text(fields.measure),
    days: fields.days === undefined ? DAYS_OF_A_VALUE : number(fields.days, wholePositive),
    atLeast: fields.at_least === undefined ? null : number(fields.at_least, anyNumber),
    atMost: fields.at_most === undefined ? null : number(fields.at_most, anyNumber),
  }
}

export const recordsOf = (field: Field): RecordKind[] =>
  entries(field, 'keys to what is registered').map(([key, item]) => {
    keyFault(item, key)
    const fields = mapping(item, ['title'], ['plausible', 'codes'])
    return {
      key,
      title: titleOf(fields.title),
      plausible: fields.plausible === undefined ? [0, 1] : range(fields.plausible, 'no point'),
      codes: fields.codes === undefined ? {} : codeLists(fields.codes),
    }
  })
