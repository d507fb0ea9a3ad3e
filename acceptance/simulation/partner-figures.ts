/** The figures of a settlement's partners, as columns. */
import type { PartnerStatement, Settlement } from '../../engine/settlement/statement.ts'
import { OUTCOME } from './contract.ts'
import { meanOf } from './figure.ts'

export const shareOf = ({ partners }: Settlement, of: (partner: PartnerStatement) => boolean): number =>
  meanOf(partners.map((partner) => (of(partner) ? 1 : 0)))

export const bonusesOf = (settlement: Settlement): number =>
  shareOf(settlement, ({ payment_cents }) => payment_cents > 0)
export const malusesOf = (settlement: Settlement): number =>
  shareOf(settlement, ({ payment_cents }) => payment_cents < 0)

/** Pay per patient-year over the price: in units of the measure, whatever the price is. */
export const payPerYearOf = ({ payment_cents, patient_years }: PartnerStatement): number =>
  payment_cents / 100 / patient_years / OUTCOME.priceEur

/** Mean over partners, or over those asked for. */
export const meanOver = (
  { partners }: Settlement,
  figure: (outcome: PartnerStatement['outcomes'][number], index: number) => number,
): number => meanOf(partners.map(({ outcomes }, p) => figure(outcomes[0]!, p)))
