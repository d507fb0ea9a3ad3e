/** From a parsed file of indicators to indicators. */
import { CERTAINTIES } from '../constants/constant.ts'
import {
  anyNumber,
  day,
  fault,
  fieldOf,
  items,
  mapping,
  number,
  refuseFaults,
  text,
  texts,
  wholeNotNegative,
  wholePositive,
  word,
  type Field,
} from '../kernel/document.ts'
import { POPULATIONS, type Band, type Indicator, type Question } from './indicator.ts'

/** The indicators of a programme that a parsed YAML document writes down.
 *  @throws Refusal `invalid_indicators` with every fault and its path */
export function indicatorsIn(document: unknown): Indicator[] {
  const root = fieldOf(document)
  const fields = mapping(root, ['programme', 'indicators'])
  const programme = text(fields.programme)
  const list = items(fields.indicators, 'indicators')
  const indicators = list.map((item) => indicatorOf(item, programme))
  for (const [at, one] of indicators.entries())
    for (const other of indicators.slice(0, at))
      if (one.id === other.id && overlap(one, other))
        fault(list[at]!, `its days overlap those of version ${other.version}`, `version ${one.version} of ${one.id}`)
  refuseFaults(root.faults, 'invalid_indicators', `the indicators of ${programme || 'no programme'}`)
  return indicators
}

const overlap = (a: Indicator, b: Indicator): boolean =>
  a.validFrom <= (b.validTo ?? '9999-12-31') && b.validFrom <= (a.validTo ?? '9999-12-31')

function indicatorOf(field: Field, programme: string): Indicator {
  const fields = mapping(
    field,
    ['id', 'version', 'valid_from', 'title', 'population', 'numerator', 'source', 'certainty'],
    ['valid_to', 'exclusions'],
  )
  const { nl, en } = mapping(fields.title, ['nl', 'en'])
  return {
    id: text(fields.id),
    version: text(fields.version),
    programme,
    validFrom: day(fields.valid_from),
    validTo: fields.valid_to === undefined ? null : day(fields.valid_to),
    title: { nl: text(nl), en: text(en) },
    population: word(fields.population, POPULATIONS),
    numerator: questionOf(fields.numerator),
    exclusions:
      fields.exclusions === undefined
        ? []
        : items(fields.exclusions, 'exclusions').map((item) => {
            const { reason, when } = mapping(item, ['reason', 'when'])
            return { reason: text(reason), when: questionOf(when) }
          }),
    source: text(fields.source),
    certainty: word(fields.certainty, CERTAINTIES),
  }
}

const ASKED = ['enrolled', 'main_practitioner', 'measured', 'last', 'medication', 'age', 'all', 'any'] as const
const NEVER_MET: Question = { ask: 'any', of: [] }

/** Exactly one question, or several under `all` or `any`; `months` says how far back it looks, 12 where it says nothing. */
function questionOf(field: Field): Question {
  const fields = mapping(field, [], [...ASKED, 'months', 'bands'])
  const named = ASKED.filter((key) => fields[key] !== undefined)
  const [ask] = named
  if (ask === undefined || named.length > 1) {
    fault(field, `it asks exactly one of ${ASKED.join(', ')}`)
    return NEVER_MET
  }
  const asked = fields[ask]!
  const months = fields.months === undefined ? 12 : number(fields.months, wholePositive)
  switch (ask) {
    case 'enrolled':
      return { ask }
    case 'main_practitioner':
      return { ask, among: texts(asked, 'main practitioners', (item) => word(item, ['gp', 'specialist', 'none'])) }
    case 'measured':
      return { ask, measures: texts(asked, 'measures'), months }
    case 'last':
      return { ask, measure: text(asked), months, bands: bandsOf(fields.bands, field) }
    case 'medication':
      return { ask, atc: texts(asked, 'ATC codes'), months }
    case 'age': {
      const { from, to } = mapping(asked, [], ['from', 'to'])
      return {
        ask,
        from: from === undefined ? null : number(from, wholeNotNegative),
        to: to === undefined ? null : number(to, wholeNotNegative),
      }
    }
    case 'all':
    case 'any':
      return { ask, of: items(asked, 'questions').map(questionOf) }
  }
}

function bandsOf(field: Field | undefined, of: Field): Band[] {
  if (field === undefined) {
    fault({ ...of, path: `${of.path}.bands`, value: undefined }, 'the last value is held to bands')
    return []
  }
  return items(field, 'bands').map((item) => {
    const bounds = mapping(item, [], ['under', 'at_least', 'at_most', 'above'])
    const bound = (each: Field | undefined) => (each === undefined ? null : number(each, anyNumber))
    return {
      under: bound(bounds.under),
      atLeast: bound(bounds.at_least),
      atMost: bound(bounds.at_most),
      above: bound(bounds.above),
    }
  })
}
