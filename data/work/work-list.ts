/** The work list of a region: who still has to be measured under the contracts that are under way, as known on a day. */
import { dueOf, isUnderWay } from '../../engine/assessment/due.ts'
import type { Contract } from '../../engine/contract/contract.ts'
import type { Programme } from '../../engine/contract/programme.ts'
import { dayOf, epochDayOf, NEVER, type Day } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { SHARDS } from '../../engine/panel/panel.ts'
import { rosterOf } from '../../engine/panel/roster.ts'
import type { Store } from '../postgres/database.ts'
import { listContracts } from '../region/contracts.ts'
import { enrolledPartnerIds } from '../region/enrolled-partners.ts'
import { regionProgrammes } from '../region/region-programmes.ts'
import { readPanel, takeSnapshot } from '../snapshot/snapshot.ts'

/** One measurement that is still to be made; no amount, and nothing that is expected of the patient. */
export interface WorkItem {
  readonly contract: string
  /** the partner that it counts for, and the practice where the patient is enrolled */
  readonly partnerId: string
  readonly practiceId: string
  readonly patientId: string
  readonly measure: string
  /** a reading from the one day through the other counts */
  readonly windowFrom: Day
  readonly windowTo: Day
  /** the day of the last reading; null: there is none */
  readonly lastValueOn: Day | null
}

export interface WorkAsked {
  readonly regionId: number
  readonly asOf: Day
  /** one contract by its name; left out: all that are under way */
  readonly contract?: string | undefined
}

/** What is still to be measured in a region, of everybody: the caller shows of it what is the reader's. The panels are those of the snapshot of
 *  that day, taken from the facts where there is none yet.
 *  @throws Refusal `unknown_contract` */
export async function workList(store: Store, { regionId, asOf, contract }: WorkAsked): Promise<WorkItem[]> {
  const day = epochDayOf(asOf)
  const handedIn = (await listContracts(store, regionId)).map((each) => each.contract)
  if (contract !== undefined && !handedIn.some((each) => each.contract === contract))
    throw new Refusal('unknown_contract', `There is no contract "${contract}"; hand it in first.`, { contract })
  const asked = handedIn.filter((each) => (contract ?? each.contract) === each.contract && isUnderWay(each, day))
  const programmes = await regionProgrammes(store.pool, regionId, asOf)
  const items: WorkItem[] = []
  for (const each of asked) {
    const programme = programmes.get(each.programme)
    if (programme) items.push(...(await workOf(store, { regionId, asOf, contract: each, programme })))
  }
  return items
}

interface ContractAsked {
  readonly regionId: number
  readonly asOf: Day
  readonly contract: Contract
  readonly programme: Programme
}

async function workOf(store: Store, { regionId, asOf, contract, programme }: ContractAsked): Promise<WorkItem[]> {
  const { datasetSha256 } = await takeSnapshot(store, { regionId, asOf, programme })
  const enrolled = new Set(await enrolledPartnerIds(store, regionId, asOf, programme.programme))
  const items: WorkItem[] = []
  for (let shard = 0; shard < SHARDS; shard++) {
    const panel = await readPanel(store, { regionId, datasetSha256, programme: programme.programme, shard })
    const roster = knownRoster(contract, panel.partners, enrolled)
    if (roster === null) return []
    for (const due of dueOf(panel, contract, roster, epochDayOf(asOf)))
      items.push({
        contract: contract.contract,
        partnerId: panel.partners[due.partner]!.partnerId,
        practiceId: panel.partners[due.practice]!.partnerId,
        patientId: panel.patientIds[due.patient]!,
        measure: due.measure,
        windowFrom: dayOf(due.opensOn),
        windowTo: dayOf(due.closesOn),
        lastValueOn: due.lastOn === NEVER ? null : dayOf(due.lastOn),
      })
  }
  return items
}

/** The roster, or null where the region does not have the partners of the contract yet: then nobody can be measured for it. */
function knownRoster(...of: Parameters<typeof rosterOf>) {
  try {
    return rosterOf(...of)
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

/** Of these patients those that the reader may see, by row-level security. */
export async function seenPatients(
  store: Pick<Store, 'db'>,
  regionId: number,
  patientIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await store.db
    .selectFrom('patient')
    .select('patient_id')
    .where('region_id', '=', regionId)
    .where('patient_id', 'in', ['', ...patientIds])
    .execute()
  return new Set(rows.map(({ patient_id }) => patient_id))
}
