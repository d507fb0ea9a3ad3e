/** `winst payout`: passes on what was approved and received, to practices and chain partners, once, signed by the token in WINST_TOKEN. */
import { latestDelivery, regionAsked } from '../../../data/region/regions.ts'
import { segment2Balances } from '../../../data/segment2/book.ts'
import { payOut } from '../../../data/segment2/payout.ts'
import type { SetOff } from '../../../engine/bundled/set-off.ts'
import type { Day } from '../../../engine/kernel/calendar.ts'
import { signatureOf } from '../../views/signature.ts'
import type { Verb } from '../verb.ts'
import { holderOf, refuseOtherRegion, refuseOtherRoles, signed } from './holder.ts'
import { withStore } from './local-services.ts'
import { euro } from './print-settlement.ts'

export interface PayoutOptions {
  readonly on: Day
  readonly region?: string
}

export const payoutVerb: Verb<PayoutOptions> = ({ on, region: asked }, { terminal }) =>
  withStore(async (store) => {
    const owner = await holderOf(store)
    refuseOtherRoles(owner, ['analyst'], 'pass on what came in')
    const region = await regionAsked(store, asked ?? owner.region)
    refuseOtherRegion(owner, region.regionId, `region ${region.name}`)
    const asOf = await latestDelivery(store, region)
    const order = { regionId: region.regionId, on, asOf, by: signatureOf(owner) }
    const passed = await signed(store, (own) => payOut(own, order))
    const partners = summed(passed)
    for (const { partner_id, contract, quarter_day, due_on, cents, advanced_cents, late } of partners)
      terminal.line(
        `${(partner_id || 'organisation').padEnd(14)} ${contract} ${quarter_day} ${euro(cents).padStart(16)}  due ${due_on}${late ? ', late' : ''}${advanced_cents > 0 ? `, of which ${euro(advanced_cents)} was advanced` : ''}`,
      )
    terminal.line(passed.length === 0 ? `Nothing is to be passed on by ${on}.` : `Passed on by ${on}.`)
    return { on, partners, accounts: await segment2Balances(store.pool, region.regionId) }
  })

/** By recipient, contract, quarter and day due; '' is the organisation, with which it stays. */
function summed(passed: readonly SetOff[]) {
  const sums = new Map<string, { cents: number; advanced: number; late: boolean }>()
  for (const { partnerId, line, due, cents, advancedCents, late } of passed) {
    const key = JSON.stringify([partnerId, line.contract, line.quarterDay, due])
    const before = sums.get(key) ?? { cents: 0, advanced: 0 }
    sums.set(key, { cents: before.cents + cents, advanced: before.advanced + advancedCents, late })
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { cents, advanced, late }]) => {
      const [partner_id, contract, quarter_day, due_on] = JSON.parse(key) as [string, string, Day, Day]
      return {
        partner_id,
        contract,
        quarter_day,
        due_on,
        cents,
        advanced_cents: advanced,
        to_pay_cents: cents - advanced,
        late,
      }
    })
}
