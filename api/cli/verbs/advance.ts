/** `winst advance`: the advances of a quarter day (method.md 6), paid once, signed by the token in WINST_TOKEN. */
import { contractOfRegion } from '../../../data/region/contracts.ts'
import { enrolledPartnerIds } from '../../../data/region/enrolled-partners.ts'
import { payAdvance } from '../../../data/settlements/payments.ts'
import { regionProgrammes } from '../../../data/region/region-programmes.ts'
import { latestDelivery, regionAsked } from '../../../data/region/regions.ts'
import { ledgerHead } from '../../../data/settlements/settlements.ts'
import { readPanel, takeSnapshot } from '../../../data/snapshot/snapshot.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { advanceCentsOf, bundledCentsOf, includedOnQuarterDaysOf } from '../../../engine/settlement/bundled.ts'
import { type Day, epochDayOf, periodOf, quarterDaysIn } from '../../../engine/kernel/calendar.ts'
import type { Contract } from '../../../engine/contract/contract.ts'
import { SHARDS } from '../../../engine/panel/panel.ts'
import { invariant, Refusal } from '../../../engine/kernel/refusal.ts'
import { indicesOf, rosterOf } from '../../../engine/panel/roster.ts'
import { signatureOf } from '../../views/signature.ts'
import type { Verb } from '../verb.ts'
import { holderOf, refuseOtherRegion, refuseOtherRoles, signed } from './holder.ts'
import { euro } from './print-settlement.ts'
import { withStore } from './local-services.ts'

export interface AdvanceOptions {
  readonly contract: string
  readonly quarterDay: Day
  readonly region?: string
  readonly asOf?: Day
}

export const advanceVerb: Verb<AdvanceOptions> = (options, { terminal }) =>
  withStore(async (store) => {
    const { quarterDay } = options
    const owner = await holderOf(store)
    refuseOtherRoles(owner, ['analyst'], 'pay advances')
    const region = await regionAsked(store, options.region ?? owner.region)
    refuseOtherRegion(owner, region.regionId, `contract ${options.contract}`)
    const { contract } = await contractOfRegion(store, region.regionId, options.contract)
    refuseOther(contract, quarterDay)
    const asOf = options.asOf ?? (await latestDelivery(store, region))
    const partners = await advancesOf(store, contract, { regionId: region.regionId, asOf, quarterDay })
    const of = { contractId: contract.contract, regionId: region.regionId, contract }
    const paid = await signed(store, (own) => payAdvance(own, { ...of, quarterDay, partners, by: signatureOf(owner) }))
    for (const { partner_id, cents } of partners) terminal.line(`${partner_id.padEnd(10)} ${euro(cents).padStart(16)}`)
    terminal.line(
      paid ? `Paid for ${quarterDay}.` : `These advances for ${quarterDay} were paid before; nothing was paid now.`,
    )
    return {
      contract: contract.contract,
      quarter_day: quarterDay,
      paid,
      partners,
      ledger_head: await ledgerHead(store),
    }
  })

function refuseOther(contract: Contract, quarterDay: Day): void {
  if (!contract.bundled?.advanceShare)
    throw new Refusal(
      'no_advance_share',
      `Contract ${contract.contract} agrees on no advances (bundled.advance_share).`,
    )
  if (!quarterDaysIn(periodOf(contract.period)).includes(epochDayOf(quarterDay)))
    throw new Refusal('no_quarter_day', `${quarterDay} is no quarter day of contract ${contract.contract}.`, {
      quarterDay,
    })
}

/** The advance share of a quarter of the bundled sum, for the patients included on the day; a line per contract partner. */
async function advancesOf(
  store: Store,
  contract: Contract,
  { regionId, asOf, quarterDay }: { readonly regionId: number; readonly asOf: Day; readonly quarterDay: Day },
): Promise<{ partner_id: string; cents: number }[]> {
  const programme = (await regionProgrammes(store.pool, regionId, asOf)).get(contract.programme)
  invariant(programme, 'a contract that was handed in has a programme')
  const { datasetSha256 } = await takeSnapshot(store, { regionId, asOf, programme })
  const enrolled = new Set(await enrolledPartnerIds(store, regionId, asOf, contract.programme))
  const thatDay = { ...contract, period: { start: quarterDay, end: quarterDay } }
  const included = new Map<string, number>()
  for (let shard = 0; shard < SHARDS; shard++) {
    const panel = await readPanel(store, { regionId, datasetSha256, programme: contract.programme, shard })
    const roster = rosterOf(contract, panel.partners, enrolled)
    const patients = includedOnQuarterDaysOf(panel, thatDay, roster)
    for (const partner of indicesOf(roster.contract)) {
      const { partnerId } = panel.partners[partner]!
      included.set(partnerId, (included.get(partnerId) ?? 0) + patients[partner]!)
    }
  }
  return [...included].map(([partner_id, patients]) => ({
    partner_id,
    cents: advanceCentsOf(contract.bundled, bundledCentsOf(contract.bundled, patients)),
  }))
}
