/** What must not compile of money; the type check (`npm run types`) reads this, nothing runs it. */
import { allocated, centsOf, withinBudget } from '../../../engine/kernel/allocation.ts'
import type { Cents, Eur } from '../../../engine/kernel/money.ts'
import type { LedgerEntry } from '../../../engine/ledger/ledger.ts'
import type { PartnerStatement } from '../../../engine/settlement/statement.ts'
import { contractWith, outcomeWith } from '../../support/settlements/contract.ts'

export const compiles = (eur: Eur, cents: Cents): readonly Cents[] => [
  centsOf(eur),
  centsOf(12.5 * 3),
  ...allocated(cents, [1, 2]),
  cents - centsOf(eur),
]

export const doesNotCompile = (eur: Eur, cents: Cents, partner: PartnerStatement, entry: LedgerEntry) => [
  // @ts-expect-error cents are rounded once: they are not euros any more
  centsOf(cents),
  // @ts-expect-error what a partner is paid is in cents
  centsOf(partner.payment_cents),
  // @ts-expect-error euros are rounded before they are dealt out
  allocated(eur, [1, 2]),
  // @ts-expect-error a ceiling is agreed on in euros
  withinBudget([eur], cents),
  // @ts-expect-error and so is a price
  outcomeWith({ priceEur: cents }),
  // @ts-expect-error and a corridor
  contractWith({ corridorEur: { floor: null, cap: partner.payment_cents } }),
  // @ts-expect-error a payment in euros is not posted
  { ...entry, debit_cents: eur } satisfies LedgerEntry,
  // @ts-expect-error nor stated
  { ...partner, payment_cents: eur } satisfies PartnerStatement,
]
