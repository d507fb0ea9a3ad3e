/** A settlement as one party may know it: laid down with the settlement, so that nobody else's amounts are ever read for it. */
import type { Contract } from '../contract/contract.ts'
import { budgetFactorOf } from '../explain/partner-worth.ts'
import type { Settlement } from '../settlement/statement.ts'
import { panelsOf } from './small-groups.ts'

/** Fewer nameless others than this have names after all. */
const FEWEST_OTHERS = 3

/** The parties of a settlement besides analysts and auditors, who read all of it. Researchers are one party: they share an excerpt. */
export interface Party {
  readonly role: 'insurer' | 'partner' | 'researcher'
  /** UZOVI code or partner_id; '' of researchers */
  readonly subject: string
}

/** What an insurer pays, in whole cents. */
export interface InsurerAmounts {
  readonly insurer: string
  readonly payment_cents: number
  /** of the panels that can be shown */
  readonly partners: readonly { readonly partner_id: string; readonly cents: number }[]
  /** of all other panels together; null: there are none */
  readonly small_panels_cents: number | null
}

export interface Excerpt {
  /** a partner's holds its own row and no totals, an insurer's and a researcher's no partner at all */
  readonly settlement: Settlement
  /** to a partner: the values of the others, without names, ascending; [] where they are few */
  readonly others: readonly number[]
  /** what the budget left of a positive payment (`budgetFactorOf`) */
  readonly budgetFactor: number
  readonly insurer: InsurerAmounts | null
  /** partners that are in the settlement of this insurer without a row of their own */
  readonly smallPartners: readonly string[]
}

/** Everybody who has an excerpt of a settlement, in order of role and subject. */
export function partiesOf({ partners }: Pick<Settlement, 'partners'>): Party[] {
  const insurers = new Set(partners.flatMap((partner) => partner.insurers.map(({ insurer }) => insurer)))
  return [
    ...[...insurers]
      .filter((insurer) => /^\d{4}$/.test(insurer))
      .sort()
      .map((subject): Party => ({ role: 'insurer', subject })),
    ...partners.map(({ partner_id }): Party => ({ role: 'partner', subject: partner_id })),
    { role: 'researcher', subject: '' },
  ]
}

/** What a party may know of a settlement. */
export function excerptOf(party: Party, settlement: Settlement, contract: Contract): Excerpt {
  const own =
    party.role === 'partner' ? settlement.partners.filter(({ partner_id }) => partner_id === party.subject) : []
  const excluded = party.role === 'researcher' ? settlement.excluded : []
  const totals = { payment_cents: 0, per_procedure_cents: 0, bundled_cents: 0 }
  const { shown } = panelsOf(settlement.partners, contract.minPatients)
  const insurer = party.role === 'insurer' ? amountsOf(party.subject, settlement, contract) : null
  const others = shown
    .filter(({ partner_id }) => partner_id !== party.subject)
    .map(({ value_eur_per_patient_year }) => value_eur_per_patient_year)
    .sort((a, b) => a - b)
  return {
    settlement: { ...settlement, totals, partners: own, excluded },
    others: party.role === 'partner' && others.length >= FEWEST_OTHERS ? others : [],
    budgetFactor: budgetFactorOf(settlement, contract),
    insurer,
    smallPartners: insurer ? withoutRow(insurer, settlement) : [],
  }
}

/** Partners with people that the insurer insures, and no row of their own. */
function withoutRow({ insurer, partners: told }: InsurerAmounts, { partners }: Settlement): string[] {
  return partners
    .filter(({ insurers }) => insurers.some((share) => share.insurer === insurer))
    .map(({ partner_id }) => partner_id)
    .filter((id) => !told.some(({ partner_id }) => partner_id === id))
}

/** An insurer's amounts. The sum of the small panels would be the amount of one partner where there is one, so then the smallest
 *  panel that is shown goes with it; where no other is left, only the whole is told. */
function amountsOf(insurer: string, settlement: Settlement, contract: Contract): InsurerAmounts {
  const centsOf = ({ insurers }: Settlement['partners'][number]) =>
    insurers.find((share) => share.insurer === insurer)?.cents ?? null
  const insured = settlement.partners.filter((partner) => centsOf(partner) !== null)
  const { shown, folded } = panelsOf(insured, contract.minPatients)
  const alone = folded?.partnerIds.length === 1
  const smallest = alone
    ? [...shown].sort((a, b) => a.eligible - b.eligible || (a.partner_id < b.partner_id ? -1 : 1))[0]
    : undefined
  const told = shown.filter((partner) => partner !== smallest)
  const rows = told.map((partner) => ({ partner_id: partner.partner_id, cents: centsOf(partner) ?? 0 }))
  const whole = insured.reduce((sum, partner) => sum + (centsOf(partner) ?? 0), 0)
  const rest = whole - rows.reduce((sum, { cents }) => sum + cents, 0)
  return { insurer, payment_cents: whole, partners: rows, small_panels_cents: folded ? rest : null }
}
