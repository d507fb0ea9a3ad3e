/** The clauses of a contract with rules of their own: credibility, gates, the bundled price, the division over the chain. */
import type { Bundled, BundledComponent, Contract, CredibilityRule, Gate, Outcome } from './contract.ts'
import {
  anyNumber,
  entries,
  fault,
  faultTwins,
  type Field,
  items,
  mapping,
  notNegative,
  number,
  positive,
  shareOfOne,
  shown,
  text,
  texts,
  word,
} from '../kernel/document.ts'
import { PARTNER_KINDS } from './partner.ts'

/** A UZOVI code; four digits without quotes are taken for what they show. */
export function insurerOf(field: Field): string {
  const { value } = field
  const code = typeof value === 'number' && Number.isInteger(value) ? String(value) : value
  if (typeof code === 'string' && /^\d{4}$/.test(code)) return code
  fault(field, 'an insurer is a UZOVI code of four digits, between quotes')
  return ''
}

/** `none`, `estimated`, or `{between_sd: {measure: sd}}` with an sd for every outcome and for nothing else. */
export function credibilityOf(field: Field, outcomes: readonly Outcome[]): CredibilityRule {
  if (typeof field.value !== 'object' || field.value === null || Array.isArray(field.value)) {
    if (field.value === 'none' || field.value === 'estimated') return field.value
    fault(field, 'it must be none, estimated, or {between_sd: {measure: standard deviation}}')
    return 'estimated'
  }
  const fields = mapping(field, ['between_sd'])
  const given = entries(fields.between_sd, 'measures to standard deviations')
  const known = new Set(outcomes.map(({ measure }) => measure))
  for (const [measure, sd] of given)
    if (!known.has(measure)) fault(sd, 'there is no outcome of this measure in the contract')
  for (const measure of known)
    if (measure !== '' && given.length > 0 && given.every(([key]) => key !== measure))
      fault(
        { ...field, path: `${fields.between_sd.path}.${measure}`, value: undefined },
        'every outcome needs its standard deviation between partners, in the unit of the measure',
      )
  return { betweenSd: Object.fromEntries(given.map(([measure, sd]) => [measure, number(sd, notNegative)])) }
}

/** Gates that the engine computes from the data; their evidence is a number (method.md 5). */
const BUILT_IN_GATES: readonly string[] = [
  'min_measured_share',
  'min_patients',
  'max_left_share',
  'max_excess_missing',
  'max_excess_deaths',
  'max_late_share',
]

/** A gate with exactly one of equals, at_least, at_most. */
export function gateOf(field: Field): Gate {
  const fields = mapping(field, ['gate', 'weight'], ['equals', 'at_least', 'at_most'])
  const rules = [fields.equals, fields.at_least, fields.at_most].filter((rule) => rule !== undefined)
  if (rules.length !== 1)
    fault(
      field,
      'a gate has exactly one of equals, at_least and at_most',
      `a gate with ${rules.length === 0 ? 'none of them' : rules.map((rule) => rule.path.split('.').at(-1)).join(' and ')}`,
    )
  const gate = text(fields.gate)
  if (fields.equals !== undefined && BUILT_IN_GATES.includes(gate))
    fault(fields.equals, `${gate} is a number, so it is compared by at_least or at_most`)
  return { gate, weight: number(fields.weight, shareOfOne), rule: ruleOf(fields) }
}

function ruleOf(fields: { equals?: Field; at_least?: Field; at_most?: Field }): Gate['rule'] {
  if (fields.at_least !== undefined) return { atLeast: number(fields.at_least, anyNumber) }
  if (fields.at_most !== undefined) return { atMost: number(fields.at_most, anyNumber) }
  if (fields.equals === undefined) return { equals: '' }
  // Evidence is compared as text, so an unquoted true or 3 reads as what it shows.
  const { value } = fields.equals
  const shows = typeof value === 'boolean' || Number.isSafeInteger(value)
  return { equals: shows ? String(value) : text(fields.equals) }
}

/** `none`, which a contract need not say, or `deduct`: then there are controls to tell what chance alone leaves missing. */
export function excessMissingOf(field: Field | undefined, control: readonly string[]): Pick<Contract, 'excessMissing'> {
  if (field === undefined || word(field, ['none', 'deduct']) !== 'deduct') return {}
  if (control.length === 0)
    fault(
      field,
      'then control must name at least one partner outside the contract: what is missing there says what chance alone leaves missing',
    )
  return { excessMissing: 'deduct' }
}

/** The bundled tariff of segment 2: what a patient-year is made of. */
export function bundledOf(field: Field): Bundled {
  const fields = mapping(field, ['components'], ['advance_share', 'overhead', 'o_and_i_eur', 'beside'])
  const overhead = fields.overhead === undefined ? 0 : number(fields.overhead, notNegative)
  if (fields.overhead && fields.o_and_i_eur && overhead > 0)
    fault(
      fields.overhead,
      'the contract names an O&I fee too (o_and_i_eur), and no cost of organisation may be paid twice: set the overhead to 0, or leave the fee out',
    )
  return {
    components: items(fields.components, 'components').map(componentOf),
    advanceShare: fields.advance_share === undefined ? 0 : number(fields.advance_share, shareOfOne),
    ...(fields.overhead && { overhead }),
    ...(fields.o_and_i_eur && { organisationFeeEur: number(fields.o_and_i_eur, positive) }),
    ...(fields.beside && { beside: texts(fields.beside, 'programmes') }),
  }
}

function componentOf(field: Field): BundledComponent {
  const { phase, module, times, material_eur, hourly_eur, ...fields } = mapping(
    field,
    ['activity', 'provider', 'prevalence', 'minutes'],
    ['hourly_eur', 'phase', 'module', 'times', 'material_eur'],
  )
  if (hourly_eur === undefined && material_eur === undefined)
    fault({ ...field, path: `${field.path}.hourly_eur`, value: undefined }, 'this key is required')
  return {
    activity: text(fields.activity),
    provider: text(fields.provider),
    // Not a share: 3.0 is an activity that every patient has three times a year.
    prevalence: number(fields.prevalence, notNegative),
    minutes: number(fields.minutes, notNegative),
    hourlyEur: hourly_eur === undefined ? 0 : number(hourly_eur, positive),
    ...(phase && { phase: text(phase) }),
    ...(module && { module: text(module) }),
    ...(times && { times: number(times, notNegative) }),
    ...(material_eur && { materialEur: number(material_eur, notNegative) }),
  }
}

/** How a partner's payment is divided over the kinds of partner in its chain; the shares sum to 1. */
export function attributionOf(field: Field): Contract['attribution'] {
  const list = items(field, 'kinds of partner with their share').map((item) => mapping(item, ['kind', 'share']))
  const kinds = list.map(({ kind }) => word(kind, PARTNER_KINDS))
  const named = list.map(({ kind }, i) => (kind.value === kinds[i] ? String(kind.value) : ''))
  faultTwins(
    list.map(({ kind }) => kind),
    named,
  )
  const shares = list.map(({ share }) => number(share, shareOfOne))
  const sum = shares.reduce((total, share) => total + share, 0)
  // 0.1 + 0.2 + 0.7 is 1 to whoever writes it; NaN stands for a share already faulted.
  if (list.length > 0 && Math.abs(sum - 1) > 1e-9)
    fault(field, 'the shares must sum to 1', `shares that sum to ${shown(Number(sum.toFixed(9)))}`)
  return kinds.map((kind, i) => ({ kind, share: shares[i] ?? Number.NaN }))
}
