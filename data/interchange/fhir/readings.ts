/** Observation and QuestionnaireResponse: numbers, components, coded answers, panels with members. */
import type { Coding } from '../../vocabulary/codes.ts'
import { isBound } from '../../cells/numbers.ts'
import { cleaned } from '../../cells/text.ts'
import { KEPT } from '../mapping/tally.ts'
import { codingsOf, dayIn, endOf, extensionOf, first, many, startOf, text, wordsOf, isVoid } from './elements.ts'
import type { Element } from './elements.ts'
import type { Held, Reader, Reading } from './reading.ts'
import { whyNoPatient } from './references.ts'

/** A number with its unit, or why there is none. */
type Value = { readonly value: string; readonly unit: string } | { readonly none: string }

const PANEL = 'a panel: its members carry the values'
const NO_VALUE = 'without a value'
const UNMAPPED = 'code not mapped'
const NO_NUMBER = 'a value that is no number'
const ANSWER = 'answer not mapped'
const BOUND = 'a bound (< or >), not a value'
const settledStatuses = ['final', 'amended', 'corrected']

export const readObservation: Reader = (held, reading) => {
  const { resource, key } = held
  const status = text(resource.status)
  // a result counts once its writer vouches for it; one without a status is taken as final
  if (status !== '' && !settledStatuses.includes(status)) return `status ${status}`
  const patient = reading.references.keyOf(resource.subject, key, 'Patient')
  const stranger = whyNoPatient(patient)
  if (stranger !== '') return stranger
  if (isOfSomebodyElse(resource, patient, held, reading)) return 'about somebody else (focus)'
  const on = dayOfObservation(resource)
  const found: string[] = []
  const members = many(resource.contained).filter((each) => text(each.resourceType) === 'Observation')
  for (const part of [
    resource,
    ...many(resource.component),
    ...members,
    ...members.flatMap((each) => many(each.component)),
  ])
    found.push(take(part, on, patient, held, reading))
  return fateOf(found, resource)
}

/** Whether an observation is about a person or thing other than its subject: a donor, a fetus, a device. */
function isOfSomebodyElse(resource: Element, patient: string, held: Held, { references }: Reading): boolean {
  const focus = references.keysIn(resource.focus, held.key, 'Patient')
  return focus.length > 0 && !focus.includes(patient)
}

/** The day of the observation itself; when it was issued if that is all there is. */
function dayOfObservation(resource: Element): string {
  const timing = first(resource.effectiveTiming)
  const event: unknown = Array.isArray(timing.event) ? timing.event[0] : timing.event
  return (
    dayIn(resource.effectiveDateTime) ||
    startOf(resource.effectivePeriod) ||
    endOf(resource.effectivePeriod) ||
    dayIn(resource.effectiveInstant) ||
    dayIn(event) ||
    dayIn(resource.issued)
  )
}

function fateOf(found: readonly string[], resource: Element): string {
  for (const fate of [KEPT, 'without a full date', BOUND, ANSWER, NO_NUMBER, UNMAPPED])
    if (found.includes(fate)) return fate
  return many(resource.hasMember).length > 0 || many(resource.component).length > 0 ? PANEL : NO_VALUE
}

/** One code with its value. @returns what became of it */
function take(part: Element, on: string, patient: string, held: Held, reading: Reading): string {
  const { codes, references, tally, drafts } = reading
  const codings = codingsOf(part.code)
  const measure = codes.measureOf(codings)
  if (!measure) {
    if (!hasValue(part)) return NO_VALUE
    tally.unmapped('measure', codings, wordsOf(part.code))
    return UNMAPPED
  }
  const found = valueOf(part, measure.key, reading)
  if ('none' in found) return found.none
  if (!/^\d{4}-\d{2}-\d{2}/.test(on)) return 'without a full date'
  const { value, unit } = codes.units.inKnownUnit(measure.key, found.value, found.unit || measure.implied)
  drafts.add('observation', {
    patient,
    origin: held.origin,
    measure: measure.key,
    on,
    value,
    unit,
    partner: [
      ...references.keysIn(held.resource.performer, held.key, 'Organization'),
      ...references.keysIn(held.resource.encounter ?? held.resource.context, held.key, 'Encounter'),
    ],
  })
  return KEPT
}

const hasValue = (part: Element): boolean => Object.keys(part).some((name) => /^value[A-Z]/.test(name))

function valueOf(part: Element, measure: string, { codes, tally }: Reading): Value {
  if (part.valueQuantity !== undefined) return quantityOf(first(part.valueQuantity))
  const plain = text(part.valueInteger) || text(part.valueDecimal)
  if (plain !== '') return { value: plain, unit: '' }
  if (part.valueCodeableConcept !== undefined || part.valueCoding !== undefined) {
    const codings =
      part.valueCoding === undefined ? codingsOf(part.valueCodeableConcept) : codingsOf({ coding: part.valueCoding })
    const answer = codes.answerOf(measure, codings) ?? ordinalOf(part)
    if (answer !== undefined) return { value: String(answer), unit: '' }
    tally.unmapped('answer', answerNamed(measure, codings), wordsOf(part.valueCodeableConcept))
    return { none: ANSWER }
  }
  const words = cleaned(text(part.valueString))
  if (isBound(words)) return { none: BOUND }
  if (/^-?\d+([.,]\d+)?$/.test(words)) return { value: words.replace(',', '.'), unit: '' }
  return { none: hasValue(part) ? NO_NUMBER : NO_VALUE }
}

function quantityOf(quantity: Element): Value {
  const value = text(quantity.value)
  if (value === '') return { none: NO_VALUE }
  if (text(quantity.comparator) !== '') return { none: BOUND }
  const [unit, code] = [text(quantity.unit), text(quantity.code)]
  const ucum = /unitsofmeasure\.org|urn:oid:2\.16\.840\.1\.113883\.6\.8$/.test(text(quantity.system))
  return { value, unit: (ucum && code !== '' ? code : unit) || code }
}

/** The weight that the writer gave an answer: `ordinalValue`, `itemWeight`, or ISO 21090's. */
function ordinalOf(part: Element): number | undefined {
  const holders = [
    ...many(first(part.valueCodeableConcept).coding),
    ...many(part.valueCoding),
    ...many(part.valueCodeableConcept),
  ]
  for (const holder of holders)
    for (const url of ['ordinalValue', 'itemWeight', 'iso21090-CO-value']) {
      const number = text(extensionOf(holder, url)?.valueDecimal)
      if (number !== '') return Number(number)
    }
  return undefined
}

const answerNamed = (measure: string, codings: readonly Coding[]): Coding[] =>
  codings.map((coding) => ({ ...coding, display: `${measure}: ${coding.display ?? ''}` }))

/** Answers whose item is named by a code that means a measure: in `linkId`, as LOINC or our own key, or by its definition. */
export const readQuestionnaireResponse: Reader = (held, reading) => {
  const { resource, key } = held
  const status = text(resource.status)
  if (isVoid(status) || status === 'in-progress') return `status ${status}`
  const patient = reading.references.keyOf(resource.subject ?? resource.source, key, 'Patient')
  const stranger = whyNoPatient(patient)
  if (stranger !== '') return stranger
  const found = itemsIn(resource).flatMap((item) =>
    many(item.answer).map((answer) =>
      take(
        { ...answer, code: { coding: codingsOfItem(item, text(resource.questionnaire)) } },
        dayIn(resource.authored),
        patient,
        held,
        reading,
      ),
    ),
  )
  return fateOf(found, {})
}

function itemsIn(holder: Element): Element[] {
  return many(holder.item).flatMap((item) => [item, ...itemsIn(item), ...many(item.answer).flatMap(itemsIn)])
}

/** The codings of an item, its questionnaire's own first: that is the one reported for an item without a mapping. */
function codingsOfItem(item: Element, questionnaire: string): Coding[] {
  const [link, definition, display] = [text(item.linkId), text(item.definition), text(item.text)]
  const code = (link.split('/').pop() ?? '').trim()
  const defined = definition.split(/[/#|]/).pop() ?? ''
  // table 45 of the NHG counts as questionnaires do: a bare 40 is no code of it
  const nhg = /nhg/i.test(link + definition) ? ['NHG'] : []
  return [
    { system: questionnaire || 'linkId', code: link, display },
    ...['LOINC', 'measure', 'SNOMED', ...nhg].flatMap((system) =>
      [code, defined].map((each) => ({ system, code: each, display })),
    ),
  ].filter((coding) => coding.code !== '')
}
