/** `winst review`, `release`, `reject`, `pay`: an act on a settlement, signed by the token in WINST_TOKEN. */
import { actOn } from '../../../data/settlements/lifecycle.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { identityOf, type Identity } from '../../../data/access/keys.ts'
import type { Day } from '../../../engine/kernel/calendar.ts'
import type { Act } from '../../../engine/ledger/lifecycle.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { signatureOf, today } from '../../views/signature.ts'
import type { Verb } from '../verb.ts'
import { lifecycleFor } from '../../views/lifecycle.ts'
import { readSettlementRecord } from '../../views/settlement-view.ts'
import { printLifecycle } from './print-settlement.ts'
import { withStore } from './local-services.ts'

export interface ActOptions {
  readonly settlement: string
  readonly on?: Day
  readonly note?: string
  readonly provisional?: boolean
}

/** The owner of the token in WINST_TOKEN: from the environment, since a command line can be read by others.
 *  @throws Refusal `not_authenticated` */
export async function tokenHolder(store: Store): Promise<Identity> {
  const owner = process.env.WINST_TOKEN ? await identityOf(store, process.env.WINST_TOKEN) : null
  if (owner) return owner
  throw new Refusal(
    'not_authenticated',
    'This is done in somebody’s name: put the token that was issued to you in WINST_TOKEN (winst token analyst:NAME prints one).',
  )
}

/** The preparer of a run by WINST_TOKEN; undefined: the operator of the command line.
 *  @throws Refusal `not_authenticated`, `not_allowed`, `nameless_token` */
export async function preparerAtHand(store: Store): Promise<string | undefined> {
  if (!process.env.WINST_TOKEN) return undefined
  const owner = await tokenHolder(store)
  if (owner.role === 'analyst' || owner.role === 'insurer') return signatureOf(owner)
  throw new Refusal('not_allowed', `The role ${owner.role} may not prepare a settlement; an analyst or insurer may.`)
}

export const actVerb =
  (act: Act): Verb<ActOptions> =>
  ({ settlement: settlementId, on = today(), note, provisional }, { terminal }) =>
    withStore(async (store) => {
      const owner = await tokenHolder(store)
      if (owner.role !== 'analyst' && owner.role !== 'insurer')
        throw new Refusal(
          'not_allowed',
          `The role ${owner.role} may not ${act} a settlement; an analyst or insurer may.`,
        )
      await readSettlementRecord(store, owner, settlementId)
      const finality = provisional ? 'provisional' : undefined
      await actOn(store, { settlementId, act, by: signatureOf(owner), on, note, finality })
      const lifecycle = await lifecycleFor(store, owner, settlementId)
      printLifecycle(lifecycle, terminal)
      return lifecycle
    })
