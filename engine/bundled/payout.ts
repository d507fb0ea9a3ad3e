/** What is passed on: of money that came in for declared lines, each recipient's part, when it is due, and what stays with the organisation. */
import { allocated } from '../kernel/allocation.ts'
import type { Day } from '../kernel/calendar.ts'
import type { Cents } from '../kernel/money.ts'
import type { DeclaredLine } from './declaration.ts'
import { dueOf, nextQuarterDay } from './quarter.ts'
import type { Recipient } from './tariff.ts'

/** Money that came in for a line, or went back for a credit line. */
export interface Receipt {
  readonly receiptId: string
  readonly line: DeclaredLine
  /** below 0: a credit that was settled */
  readonly cents: Cents
  readonly paidOn: Day
}

/** What one recipient gets of one receipt. */
export interface Passed {
  readonly receiptId: string
  readonly line: DeclaredLine
  /** a practice or a partner of the chain; '': the organisation, with which it stays */
  readonly partnerId: string
  readonly cents: Cents
  readonly due: Day
  /** paid on a later day than it was due */
  readonly late: boolean
}

export interface PayoutRules {
  readonly on: Day
  readonly daysAfterReceipt: number
  readonly recipients: readonly (Recipient & { readonly weight: number })[]
}

/** Whether what was received is passed on by that day: the quarter that it is for is over, and the money is there. */
export const isPayable = ({ line, paidOn }: Receipt, on: Day): boolean =>
  paidOn <= on && nextQuarterDay(line.quarterDay) <= on

/** The parts of receipts that are payable and were not passed on before, in the order given; each receipt's cents are dealt out exactly.
 *  @param before ids of receipts that were passed on */
export function passedOnOf(
  receipts: readonly Receipt[],
  before: ReadonlySet<string>,
  { on, daysAfterReceipt, recipients }: PayoutRules,
): Passed[] {
  const weights = recipients.map(({ weight }) => weight)
  const payable = receipts.filter((each) => !before.has(each.receiptId) && isPayable(each, on))
  return payable.flatMap(({ receiptId, line, cents, paidOn }) => {
    const due = dueOf(line.quarterDay, paidOn, daysAfterReceipt)
    const parts = allocated(cents, weights)
    return recipients.flatMap((recipient, at) => {
      const part = parts[at]!
      if (part === 0) return []
      return [{ receiptId, line, partnerId: partnerIn(recipient, line), cents: part, due, late: due < on }]
    })
  })
}

const partnerIn = (recipient: Recipient, { practice }: DeclaredLine): string =>
  recipient.of === 'practice' ? practice : recipient.of === 'chain' ? recipient.partnerId : ''
