/** From a parsed `road.yaml` to a road. */
import { CERTAINTIES } from '../constants/constant.ts'
import {
  anyNumber,
  day,
  entries,
  fault,
  faultTwins,
  fieldOf,
  items,
  mapping,
  notNegative,
  number,
  positive,
  refuseFaults,
  shareOfOne,
  text,
  wholePositive,
  word,
  type Field,
} from '../kernel/document.ts'
import { KINDS, STATES, STEPS, type Group, type Item, type Party, type Quality, type Road, type Standing, type Subject } from './road.ts' // prettier-ignore

/** @throws Refusal `invalid_road` with every fault and its path */
export function roadOf(document: unknown): Road {
  const root = fieldOf(document)
  const fields = mapping(
    root,
    ['road', 'title', 'programme', 'parties', 'steps', 'business', 'quality', 'contract'],
    ['value'],
  )
  const list = items(fields.parties, 'parties')
  const parties = list.map((item): Party => {
    const { party, kind } = mapping(item, ['party', 'kind'])
    return { party: text(party), kind: word(kind, KINDS) }
  })
  faultTwins(
    list,
    parties.map(({ party }) => party),
  )
  const names = parties.map(({ party }) => party)
  const steps = mapping(fields.steps, STEPS)
  const business = mapping(fields.business, ['patients', 'years', 'items'])
  const road: Road = {
    road: text(fields.road),
    title: text(fields.title),
    programme: text(fields.programme),
    parties,
    subjects: STEPS.flatMap((step) => items(steps[step], 'subjects').map((item) => subjectOf(item, step, names))),
    business: {
      patients: number(business.patients, wholePositive),
      years: number(business.years, wholePositive),
      items: items(business.items, 'items').map((item) => itemOf(item, parties)),
    },
    quality: qualityFrom(fields.quality),
    ...(fields.value === undefined ? {} : { value: valueFrom(fields.value) }),
    contract: fields.contract.value,
  }
  refuseFaults(root.faults, 'invalid_road', `road ${road.road || 'without a name'}`)
  return road
}

function subjectOf(field: Field, step: Subject['step'], parties: readonly string[]): Subject {
  const fields = mapping(field, ['subject', 'owner', 'due'], ['standings'])
  const given = fields.standings === undefined ? [] : entries(fields.standings, 'parties to where they stand')
  for (const [party, standing] of given)
    if (!parties.includes(party)) fault(standing, `it is of no party of the road: ${parties.join(', ')}`, `"${party}"`)
  const standings = parties.map((party): Standing => {
    const found = given.find(([name]) => name === party)
    return found === undefined ? { party, state: 'open', on: null, evidence: '' } : standingOf(party, found[1])
  })
  return { step, subject: text(fields.subject), owner: partyIn(fields.owner, parties), due: day(fields.due), standings }
}

function standingOf(party: string, field: Field): Standing {
  const fields = mapping(field, ['state'], ['on', 'evidence'])
  const state = word(fields.state, STATES)
  if (state === 'agreed' && (fields.on === undefined || fields.evidence === undefined))
    fault(field, 'what is agreed has a day (on) and its evidence')
  return {
    party,
    state,
    on: fields.on === undefined ? null : day(fields.on),
    evidence: fields.evidence === undefined ? '' : text(fields.evidence),
  }
}

function partyIn(field: Field, parties: readonly string[]): string {
  const party = text(field)
  if (party !== '' && !parties.includes(party)) fault(field, `it must be a party of the road: ${parties.join(', ')}`)
  return party
}

function itemOf(field: Field, parties: readonly Party[]): Item {
  const fields = mapping(
    field,
    ['item', 'party', 'units', 'tariff_eur', 'unit_cost_eur', 'source', 'certainty'],
    ['units_sd', 'fixed_share'],
  )
  const givers = parties.filter(({ kind }) => kind !== 'insurer').map(({ party }) => party)
  return {
    item: text(fields.item),
    party: partyIn(fields.party, givers),
    units: number(fields.units, anyNumber),
    unitsSd: fields.units_sd === undefined ? 0 : number(fields.units_sd, notNegative),
    tariffEur: number(fields.tariff_eur, notNegative),
    unitCostEur: number(fields.unit_cost_eur, notNegative),
    fixedShare: fields.fixed_share === undefined ? 0 : number(fields.fixed_share, shareOfOne),
    source: text(fields.source),
    certainty: word(fields.certainty, CERTAINTIES),
  }
}

function qualityFrom(field: Field): Quality {
  const fields = mapping(field, ['measure', 'better', 'margin', 'hospital', 'home'])
  return {
    measure: text(fields.measure),
    better: word(fields.better, ['lower', 'higher']),
    margin: number(fields.margin, positive),
    hospital: groupOf(fields.hospital),
    home: groupOf(fields.home),
  }
}

function groupOf(field: Field): Group {
  const { value } = field
  if (typeof value === 'object' && value !== null && 'profiles' in value) {
    const { value_set: set, profiles } = mapping(field, ['value_set', 'profiles'])
    const list = items(profiles, 'EQ-5D profiles')
    if (list.length === 1) fault(profiles, 'one person has no spread; two are needed at least')
    return { valueSet: text(set), profiles: list.map(text) }
  }
  const { n, mean, sd } = mapping(field, ['n', 'mean', 'sd'])
  return { n: number(n, wholePositive), mean: number(mean, anyNumber), sd: number(sd, notNegative) }
}

function valueFrom(field: Field): NonNullable<Road['value']> {
  const { burden, avoided } = mapping(field, ['burden', 'avoided'])
  return {
    burden: number(burden, shareOfOne),
    avoided: Object.fromEntries(
      entries(avoided, 'events to how many fewer').map(([event, fewer]) => [event, number(fewer, anyNumber)]),
    ),
  }
}
