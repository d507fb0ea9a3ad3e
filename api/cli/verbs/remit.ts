/** `winst remit`: what insurers answered to declared lines, from a file, once, signed by the token in WINST_TOKEN. */
import { regionAsked } from '../../../data/region/regions.ts'
import { segment2Balances } from '../../../data/segment2/book.ts'
import { remit } from '../../../data/segment2/remit.ts'
import { ANSWER_STATES } from '../../../engine/bundled/remittance.ts'
import { signatureOf } from '../../views/signature.ts'
import type { Verb } from '../verb.ts'
import { holderOf, refuseOtherRegion, refuseOtherRoles, signed } from './holder.ts'
import { withStore } from './local-services.ts'
import { euro } from './print-settlement.ts'

export interface RemitOptions {
  readonly data: string
  readonly region?: string
}

export const remitVerb: Verb<RemitOptions> = (options, { terminal }) =>
  withStore(async (store) => {
    const owner = await holderOf(store)
    refuseOtherRoles(owner, ['analyst'], 'take in what insurers answered')
    const region = await regionAsked(store, options.region ?? owner.region)
    refuseOtherRegion(owner, region.regionId, `region ${region.name}`)
    const order = { regionId: region.regionId, file: options.data, by: signatureOf(owner) }
    const { rows, fresh } = await signed(store, (own) => remit(own, order))
    const states = ANSWER_STATES.map((state) => {
      const own = fresh.filter((each) => each.state === state)
      return { state, answers: own.length, cents: own.reduce((sum, { cents }) => sum + cents, 0) }
    })
    for (const { state, answers, cents } of states)
      terminal.line(`${state.padEnd(10)} ${String(answers).padStart(8)} ${euro(cents).padStart(18)}`)
    terminal.line(`${rows} rows, of which ${rows - fresh.length} were known before.`)
    return { rows, known: rows - fresh.length, states, accounts: await segment2Balances(store.pool, region.regionId) }
  })
