/** Claim and ExplanationOfBenefit: one row per item that has an amount, or one for the whole. */
import { inEuros } from '../mapping/euros.ts'
import { OUR_EXPORT } from '../mapping/own-export.ts'
import { codingsOf, dayIn, first, many, startOf, text } from './elements.ts'
import type { Element } from './elements.ts'
import { ownIdOf } from './people.ts'
import type { ClaimDraft, Held, Reader, Reading } from './reading.ts'
import { shownId, whyNoPatient } from './references.ts'

type Item = ClaimDraft['items'][number]

export const readClaim: Reader = (held, reading) => {
  const { resource, key, type, origin } = held
  const { references, drafts, tally } = reading
  const status = text(resource.status)
  if (status !== 'active' && status !== '') return `status ${status}`
  if (text(resource.use) !== 'claim' && text(resource.use) !== '') return `a ${text(resource.use)}, not a claim`
  const patient = references.keyOf(resource.patient, key, 'Patient')
  const stranger = whyNoPatient(patient)
  if (stranger !== '') return stranger
  const id =
    ownIdOf(resource) ||
    text(resource.id) ||
    (key.startsWith('urn:') ? key.slice(key.lastIndexOf(':') + 1) : text(first(resource.identifier).value))
  const credited = references.keyOf(first(resource.related).claim, key, 'Claim')
  const items = itemsOf(held, creditOf(resource, credited) || id, reading)
  if (typeof items === 'string') {
    if (items !== '') tally.unmapped('currency', [{ system: 'ISO 4217', code: items }])
    return items === '' ? 'without an amount' : 'in a currency that is not mapped to euros'
  }
  drafts.add('claim', {
    patient,
    origin,
    type,
    id,
    keys: held.keys,
    answers: type === 'ExplanationOfBenefit' ? references.keyOf(resource.claim, key, 'Claim') : '',
    partner: [
      ...references.keysIn(resource.provider, key, 'Organization'),
      ...references.keysIn(resource.facility, key, 'Location'),
      ...many(resource.item).flatMap((item) => references.keysIn(item.encounter, key, 'Encounter')),
    ],
    setting: settingOf(resource, reading),
    items,
  })
  return null
}

/** Where it was done, as an export of ours says; of another the kind of claim that it is. */
function settingOf(resource: Element, { codes }: Reading): string {
  const own = codingsOf(resource.subType).find(({ system }) => codes.systemOf(system) === 'setting')
  if (own !== undefined) return own.code
  return text(first(resource.meta).source) === OUR_EXPORT ? '' : (codingsOf(resource.type)[0]?.code ?? '')
}

/** The id of the claim that a negative amount takes back, where it names one; else blank. */
const creditOf = (resource: Element, credited: string): string =>
  credited !== '' && text(totalOf(resource).value).startsWith('-') ? shownId(credited) : ''

/** @returns the rows; or the currency that has no rate; or '' if there is no amount at all */
function itemsOf({ resource }: Held, id: string, { codes }: Reading): Item[] | string {
  const items = many(resource.item)
  const fallback = first(items[0])
  const day = startOf(resource.billablePeriod) || dayIn(resource.created)
  const priced = items.filter((item) => moneyOf(item) !== undefined)
  const total = totalOf(resource)
  // where an item has no amount of its own, its share is in the total alone
  const isWhole = priced.length < items.length && text(total.value) !== ''
  const stated: (readonly [Element, Element])[] =
    priced.length > 0 && !isWhole ? priced.map((item) => [item, moneyOf(item) ?? {}]) : [[fallback, total]]
  const rows: Item[] = []
  for (const [item, money] of stated) {
    const amount = text(money.value)
    if (amount === '') return ''
    const rate = codes.eurosFor(text(money.currency))
    if (rate === undefined) return text(money.currency) || 'none told'
    rows.push({
      id: stated.length === 1 ? id : `${id}-${text(item.sequence) || rows.length + 1}`,
      code: codingsOf(item.productOrService ?? item.service)[0]?.code ?? (text(item.productOrService) || 'unknown'),
      on: dayIn(item.servicedDate) || startOf(item.servicedPeriod) || day,
      quantity: isWhole && items.length > 1 ? signOf(amount) : text(first(item.quantity).value) || signOf(amount),
      euros: inEuros(amount, rate),
    })
  }
  return rows
}

/** One act, or the credit of one. */
const signOf = (amount: string): string => (amount.startsWith('-') ? '-1' : '1')

function moneyOf(item: Element): Element | undefined {
  const net = first(item.net)
  return text(net.value) === '' ? undefined : net
}

/** The total of a Claim; of an ExplanationOfBenefit what was submitted, else what was paid. */
function totalOf(resource: Element): Element {
  const totals = many(resource.total)
  const submitted = totals.find((each) => codingsOf(each.category).some(({ code }) => code === 'submitted'))
  if (submitted) return first(submitted.amount)
  const only = first(totals[0])
  if (text(only.value) !== '') return only
  return text(first(only.amount).value) === '' ? first(first(resource.payment).amount) : first(only.amount)
}
