/** From a parsed contract file to a `Contract`: every default filled in, every broken rule reported with its path. */
import { bundledOf, credibilityOf, excessMissingOf, gateOf, attributionOf, insurerOf } from './clauses.ts'
import type { Contract, Outcome } from './contract.ts'
import { DEFAULT_BOUNDS, DEFAULT_CLAUSES } from './defaults.ts'
import { pricedBy } from './price.ts'
import { segment3Of } from './segment3.ts'
import type { ExchangeRate } from '../exchange/exchange-rate.ts'
import {
  fault,
  faultTwins,
  type Field,
  fieldOf,
  items,
  mapping,
  notNegative,
  notPositive,
  number,
  range,
  refuseFaults,
  shareOfOne,
  text,
  texts,
  wholeNotNegative,
  wholePositive,
  word,
} from '../kernel/document.ts'
import { faultShortReference, periodsOf } from './periods.ts'
import type { Measure, Programme } from './programme.ts'

const required = ['contract', 'title', 'programme', 'period', 'reference', 'outcomes', 'share'] as const
const optional = [
  'term',
  'index',
  'inclusion',
  'insurers',
  'partners',
  'control',
  'missing',
  'pessimistic_shift_sd',
  'excess_missing',
  'history',
  'level_weight',
  'trend',
  'credibility',
  'dead_band',
  'min_patients',
  'corridor_eur',
  'gates',
  'budget_eur',
  'bundled',
  'segment3',
  'attribution',
] as const

/** The contract that a parsed YAML document writes down (interface.md 3).
 *  @param programmes the programmes of the region, by key   @param rates what units of measures are worth in QALY
 *  @throws Refusal `invalid_contract` with every fault and its path, in `facts.faults` too */
export function contractOf(
  document: unknown,
  programmes: ReadonlyMap<string, Programme>,
  rates: readonly ExchangeRate[] = [],
): Contract {
  const root = fieldOf(document)
  const fields = mapping(root, required, optional)
  const programme = programmeNamed(fields.programme, programmes)
  const otherwise = DEFAULT_CLAUSES
  const control = fields.control === undefined ? otherwise.control : texts(fields.control, 'partners')
  const periods = periodsOf(fields)
  const outcomes = outcomesOf(fields.outcomes, programme, rates)
  faultShortReference(fields.reference, periods, outcomes)
  const contract: Contract = {
    contract: text(fields.contract),
    title: text(fields.title),
    programme: programme?.programme ?? '',
    insurers: fields.insurers === undefined ? otherwise.insurers : texts(fields.insurers, 'UZOVI codes', insurerOf),
    partners: fields.partners === undefined ? otherwise.partners : partnersOf(fields.partners, control),
    ...periods,
    control,
    outcomes,
    missing:
      fields.missing === undefined ? otherwise.missing : word(fields.missing, ['exclude', 'zero', 'doubly_robust']),
    pessimisticShiftSd: optionalNumber(fields.pessimistic_shift_sd, notNegative, otherwise.pessimisticShiftSd),
    ...excessMissingOf(fields.excess_missing, control),
    history: fields.history === undefined ? otherwise.history : word(fields.history, ['none', 'own']),
    levelWeight: optionalNumber(fields.level_weight, shareOfOne, otherwise.levelWeight),
    trend: trendOf(fields.trend, fields.control),
    credibility: fields.credibility === undefined ? otherwise.credibility : credibilityOf(fields.credibility, outcomes),
    share: shareOf(fields.share),
    deadBand: deadBandOf(fields.dead_band),
    minPatients: optionalNumber(fields.min_patients, wholeNotNegative, otherwise.minPatients),
    corridorEur: corridorOf(fields.corridor_eur),
    gates: fields.gates === undefined ? otherwise.gates : items(fields.gates, 'gates').map(gateOf),
    budgetEur: fields.budget_eur === undefined ? otherwise.budgetEur : number(fields.budget_eur, notNegative),
    bundled: fields.bundled === undefined ? otherwise.bundled : bundledOf(fields.bundled),
    ...(fields.segment3 === undefined ? {} : { segment3: segment3Of(fields.segment3) }),
    attribution: fields.attribution === undefined ? otherwise.attribution : attributionOf(fields.attribution),
  }
  refuseFaults(root.faults, 'invalid_contract', `contract ${contract.contract || 'without a name'}`)
  return contract
}

const optionalNumber = (field: Field | undefined, rule: Parameters<typeof number>[1], otherwise: number): number =>
  field === undefined ? otherwise : number(field, rule)

function programmeNamed(field: Field, programmes: ReadonlyMap<string, Programme>): Programme | undefined {
  const name = text(field)
  const programme = programmes.get(name)
  if (name !== '' && programme === undefined)
    fault(field, `no such programme is known; known are ${[...programmes.keys()].join(', ')}`)
  return programme
}

function partnersOf(field: Field, control: readonly string[]): string[] {
  const read = (item: Field): string => {
    const partner = text(item)
    if (partner !== '' && control.includes(partner))
      fault(item, 'this partner is in control too; it can be in one of the two only')
    return partner
  }
  return texts(field, 'partners', read)
}

function outcomesOf(field: Field, programme: Programme | undefined, rates: readonly ExchangeRate[]): Outcome[] {
  const list = items(field, 'outcomes')
  const outcomes = list.map((item) => outcomeOf(item, programme, rates))
  faultTwins(
    list.map((item) => ({ ...item, path: `${item.path}.measure` })),
    outcomes.map(({ measure }) => measure),
  )
  return outcomes
}

function outcomeOf(field: Field, programme: Programme | undefined, rates: readonly ExchangeRate[]): Outcome {
  const fields = mapping(
    field,
    ['measure', 'price_eur', 'horizon_days', 'window_days', 'baseline_days'],
    ['counted_range', 'target'],
  )
  const measure = measureNamed(fields.measure, programme)
  const horizonDays = number(fields.horizon_days, wholePositive)
  const windowDays = number(fields.window_days, wholeNotNegative)
  if (windowDays >= horizonDays)
    fault(
      fields.window_days,
      `it must be below horizon_days (${horizonDays}), or the window would reach back to the index date`,
    )
  if (measure?.better === 'window' && fields.target === undefined)
    fault(
      { ...field, path: `${field.path}.target`, value: undefined },
      `for ${measure.key} better is a window, so the outcome must name its target as [lowest, highest]`,
    )
  return {
    measure: measure?.key ?? '',
    ...pricedBy(fields.price_eur, measure?.key ?? '', rates),
    countedRange:
      fields.counted_range === undefined ? DEFAULT_BOUNDS.countedRange : range(fields.counted_range, 'no point'),
    target: fields.target === undefined ? DEFAULT_BOUNDS.target : range(fields.target, 'point'),
    horizonDays,
    windowDays,
    baselineDays: number(fields.baseline_days, wholeNotNegative),
  }
}

function measureNamed(field: Field, programme: Programme | undefined): Measure | undefined {
  const name = text(field)
  const measure = programme?.measures.find(({ key }) => key === name)
  if (name !== '' && programme !== undefined && measure === undefined)
    fault(
      field,
      `programme ${programme.programme} has no such measure; it has ${programme.measures.map(({ key }) => key).join(', ')}`,
    )
  return measure
}

function trendOf(field: Field | undefined, control: Field | undefined): Contract['trend'] {
  if (field === undefined) return DEFAULT_CLAUSES.trend
  const trend = word(field, ['none', 'control'])
  if (trend === 'control' && control === undefined)
    fault(field, 'then control must name at least one partner outside the contract')
  return trend
}

function shareOf(field: Field): Contract['share'] {
  const { gain, loss } = mapping(field, ['gain', 'loss'])
  return { gain: number(gain, shareOfOne), loss: number(loss, shareOfOne) }
}

function deadBandOf(field: Field | undefined): Contract['deadBand'] {
  if (field === undefined) return DEFAULT_CLAUSES.deadBand
  const { eur, z } = mapping(field, [], ['eur', 'z'])
  const none = DEFAULT_CLAUSES.deadBand
  return { eur: optionalNumber(eur, notNegative, none.eur), z: optionalNumber(z, notNegative, none.z) }
}

function corridorOf(field: Field | undefined): Contract['corridorEur'] {
  if (field === undefined) return DEFAULT_CLAUSES.corridorEur
  const { floor, cap } = mapping(field, [], ['floor', 'cap'])
  return {
    floor: floor === undefined ? null : number(floor, notPositive),
    cap: cap === undefined ? null : number(cap, notNegative),
  }
}
