/** `winst review`, `release`, `reject`, `pay`: an act on a settlement, signed by the token in WINST_TOKEN. */
import { actOn } from '../../../data/settlements/lifecycle.ts'
import type { Store } from '../../../data/postgres/database.ts'
import type { Act } from '../../../engine/ledger/lifecycle.ts'
import { signatureOf } from '../../views/signature.ts'
import type { Verb } from '../verb.ts'
import { lifecycleFor } from '../../views/lifecycle.ts'
import { readSettlementRecord } from '../../views/settlement-view.ts'
import { holderOf, refuseOtherRegion, refuseOtherRoles, signed } from './holder.ts'
import { printLifecycle } from './print-settlement.ts'
import { withStore } from './local-services.ts'

export interface ActOptions {
  readonly settlement: string
  readonly note?: string
  readonly provisional?: boolean
  readonly insurer?: string
}

/** The preparer of a run by WINST_TOKEN; undefined: the operator of the command line.
 *  @throws Refusal `not_authenticated`, `not_allowed`, `nameless_token` */
export async function preparerAtHand(store: Store): Promise<string | undefined> {
  if (!process.env.WINST_TOKEN) return undefined
  const owner = await holderOf(store)
  refuseOtherRoles(owner, ['analyst'], 'prepare a settlement')
  return signatureOf(owner)
}

export const actVerb =
  (act: Act): Verb<ActOptions> =>
  ({ settlement: settlementId, note, provisional, insurer }, { terminal }) =>
    withStore(async (store) => {
      const owner = await holderOf(store)
      refuseOtherRoles(owner, ['analyst', 'insurer'], `${act} a settlement`)
      const { run } = await readSettlementRecord(store, owner, settlementId)
      refuseOtherRegion(owner, run.regionId, `settlement ${settlementId}`)
      const finality = provisional ? ('provisional' as const) : undefined
      const order = { settlementId, act, by: signatureOf(owner), note, finality, insurer }
      await signed(store, (own) => actOn(own, order))
      const lifecycle = await lifecycleFor(store, owner, settlementId)
      printLifecycle(lifecycle, terminal)
      return lifecycle
    })
