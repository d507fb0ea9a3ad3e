/** Who counts under a contract on quarter days, as known on a day; who does not, and why; and patients for whom nobody has a contract. */
import type { Pool } from 'pg'
import type { Counted } from '../../engine/bundled/declaration.ts'
import { quarterOf } from '../../engine/bundled/quarter.ts'
import { quarterCentsOf, recipientsOf, yearCentsOf } from '../../engine/bundled/tariff.ts'
import type { Contract } from '../../engine/contract/contract.ts'
import type { Programme } from '../../engine/contract/programme.ts'
import { countOf, mainPractitionerUnknown, type NotCounted } from '../../engine/inclusion/counting.ts'
import type { Enrolled, Person } from '../../engine/inclusion/person.ts'
import type { Precedence } from '../../engine/inclusion/precedence.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { regionPrecedence } from '../constants/region-documents.ts'
import { regionProgrammes } from '../region/region-programmes.ts'
import { readPartners } from '../region/regions.ts'
import { anyOf, readPersons } from './persons.ts'

/** Somebody who does not count on a quarter day. */
export interface Uncounted {
  readonly quarterDay: Day
  readonly patientId: string
  readonly practice: string
  readonly partner: string
  readonly reason: NotCounted | 'other_insurer' | 'main_practitioner_unknown'
  readonly detail: string
}

export interface Counts {
  readonly counted: readonly Counted[]
  readonly uncounted: readonly Uncounted[]
  readonly precedence: readonly Precedence[]
}

export interface CountOrder {
  readonly regionId: number
  readonly asOf: Day
  readonly contract: Contract
  readonly quarterDays: readonly Day[]
}

/** Counts the patients of a contract's partners on quarter days. Coded patients of whom nobody knows the main practitioner are told beside those who do
 *  not count, whether they count or not.
 *  @throws Refusal `no_tariff` */
export async function countsOf(store: { readonly pool: Pool }, order: CountOrder): Promise<Counts> {
  const { regionId, asOf, contract, quarterDays } = order
  const quarters = quarterCentsOf(yearCentsOf(tariffOf(contract)))
  const programmes = await regionProgrammes(store.pool, regionId, asOf)
  const precedence = await regionPrecedence(store.pool, regionId, asOf)
  const programme = programmes.get(contract.programme)
  const codes = (programme?.inclusion?.any ?? []).flatMap((each) => each.codes['ICPC-1'] ?? [])
  const partnerOf = creditedIn(contract, await readPartners(store.pool, regionId, asOf))
  const people = await readPersons(store.pool, {
    regionId,
    asOf,
    programme: contract.programme,
    codes,
    measures: measuresAsked(programmes),
  })
  const counting = { programmes, precedence, beside: contract.bundled?.beside ?? [] }
  const counted: Counted[] = []
  const uncounted: Uncounted[] = []
  for (const quarterDay of quarterDays)
    for (const { patientId, person } of people) {
      const count = countOf(person, contract.programme, quarterDay, counting)
      const practice = count.practice || lastPracticeOf(person, contract.programme)
      const partner = partnerOf.get(practice)
      if (partner === undefined) continue
      const of = { quarterDay, patientId, practice, partner }
      const isOther = count.counts && contract.insurers?.includes(count.insurer) === false
      if (count.counts && !isOther)
        counted.push({ ...of, insurer: count.insurer, cents: quarters[quarterOf(quarterDay)] })
      else if (count.counts) uncounted.push({ ...of, reason: 'other_insurer', detail: '' })
      else uncounted.push({ ...of, reason: count.reason, detail: count.detail })
      if (programme && mainPractitionerUnknown(person, programme, quarterDay))
        uncounted.push({ ...of, reason: 'main_practitioner_unknown', detail: '' })
    }
  return { counted, uncounted, precedence }
}

/** Of which measures some programme asks the last value. */
const measuresAsked = (programmes: ReadonlyMap<string, Programme>): string[] =>
  [...programmes.values()].flatMap(({ inclusion }) =>
    [...(inclusion?.any ?? []), ...(inclusion?.out ?? [])].flatMap(({ lastValue }) => lastValue?.measure ?? []),
  )

/** Where somebody was enrolled last, in the programme if ever he was; '': nowhere. */
function lastPracticeOf({ enrolments }: Person, programme: string): string {
  const own = enrolments.filter((each) => each.programme === programme)
  const last = (own.length > 0 ? own : enrolments).reduce<Enrolled | null>(
    (latest, each) => (latest === null || each.since >= latest.since ? each : latest),
    null,
  )
  return last?.practice ?? ''
}

/** @throws Refusal `no_tariff` */
export function tariffOf({ contract, bundled }: Contract): NonNullable<Contract['bundled']> {
  if (bundled) return bundled
  throw new Refusal('no_tariff', `Contract ${contract} agrees on no tariff of segment 2 (bundled.components).`, {
    contract,
  })
}

/** The contract's partner by each practice that counts under it. */
function creditedIn(
  { partners, control }: Pick<Contract, 'partners' | 'control'>,
  all: readonly { readonly partnerId: string; readonly memberOf: string | null }[],
): ReadonlyMap<string, string> {
  const own = (id: string) => (partners === null ? !control.includes(id) : partners.includes(id))
  const found = new Map<string, string>()
  for (const { partnerId, memberOf } of all) {
    if (control.includes(partnerId)) continue
    if (partners?.includes(partnerId)) found.set(partnerId, partnerId)
    else if (memberOf !== null && partners !== null && own(memberOf)) found.set(partnerId, memberOf)
    else if (partners === null && !(memberOf !== null && control.includes(memberOf))) found.set(partnerId, partnerId)
  }
  return found
}

/** Refuses patients for whom nobody has a contract on the day: of partner, programme and insurer, with the practice itself or its care group; and of
 *  each chain partner that the tariff pays. Of a region that hands in no `provider_contracts.csv` nothing is refused: the contract itself is the agreement.
 *  @throws Refusal `no_provider_contract` */
export async function refuseUncontracted(
  store: { readonly pool: Pool },
  { regionId, asOf, contract }: Omit<CountOrder, 'quarterDays'>,
  counted: readonly Counted[],
): Promise<void> {
  if (!(await anyOf(store.pool, 'provider_contract_known', { regionId, asOf }))) return
  const { rows } = await store.pool.query<ContractRow>(
    `select partner_id, insurer, starts_on::text as starts, ends_on::text as ends from provider_contract_known($1, $2) where programme = $3`,
    [regionId, asOf, contract.programme],
  )
  const partnerIds = new Set((await readPartners(store.pool, regionId, asOf)).map(({ partnerId }) => partnerId))
  const chain = recipientsOf(tariffOf(contract), partnerIds).flatMap((each) =>
    each.of === 'chain' ? [each.partnerId] : [],
  )
  const holds = (partners: readonly string[], insurer: string, day: Day): boolean =>
    rows.some(
      (row) => partners.includes(row.partner_id) && row.insurer === insurer && row.starts <= day && day <= row.ends,
    )
  const missing = new Map<string, number>()
  for (const { practice, partner, insurer, quarterDay } of counted)
    for (const partners of [[practice, partner], ...chain.map((each) => [each])])
      if (!holds(partners, insurer, quarterDay)) {
        const what = `${partners[0]} with insurer ${insurer} on ${quarterDay}`
        missing.set(what, (missing.get(what) ?? 0) + 1)
      }
  if (missing.size === 0) return
  const told = [...missing].slice(0, 20).map(([what, patients]) => `- ${what} (${patients} patients)`)
  const more = missing.size > 20 ? [`- and ${missing.size - 20} more`] : []
  throw new Refusal(
    'no_provider_contract',
    [
      `Contract ${contract.contract}: nothing is declared, for no provider contract for ${contract.programme} holds of`,
      ...told,
      ...more,
      'Add it to provider_contracts.csv and import it, or leave the insurer out of the contract.',
    ].join('\n'),
    { missing: [...missing.keys()] },
  )
}

interface ContractRow {
  readonly partner_id: string
  readonly insurer: string
  readonly starts: Day
  readonly ends: Day
}
