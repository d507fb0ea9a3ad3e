/** Rulings: an upheld dispute becomes a correction of the facts, by a delivery of its own that is known from the ruling's day. */
import { createHash } from 'node:crypto'
import type { PoolClient } from 'pg'
import type { Day } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { signsFor } from '../../engine/ledger/signer.ts'
import type { Store } from '../postgres/database.ts'
import { actDay } from '../settlements/act-day.ts'
import { type Dispute, readDispute } from './disputes.ts'
import { readContract } from '../region/contracts.ts'
import { enterRegion, planDelivery, recordDelivery } from '../region/delivery.ts'
import { nextId } from '../region/delivery.ts'
import { readRun } from '../runs/runs.ts'
import { readSettlement } from '../settlements/settlements.ts'
import { inTransaction, type Transaction } from '../postgres/transaction.ts'

export interface RulingOrder {
  readonly disputeId: number
  readonly verdict: 'upheld' | 'dismissed'
  readonly reason: string
  readonly by: string
}

/** The name under which a receipt shows where a fact of a ruling comes from. */
const rulingFile = (disputeId: number): string => `dispute ${disputeId}`

/** Notes the verdict of one insurer that a dispute concerns. One that dismisses it has ruled; when all uphold it, it is upheld, and the
 *  contended fact is removed or replaced from that day on.
 *  @throws Refusal `unknown_dispute`, `already_ruled`, `own_dispute`, `not_concerned`, `older_delivery` */
export async function ruleOn(store: Pick<Store, 'pool'>, order: RulingOrder): Promise<void> {
  const { disputeId, verdict, reason, by } = order
  await inTransaction(store, async (transaction) => {
    const on = await actDay(transaction)
    const dispute = await readDispute(transaction, disputeId)
    const of = `Dispute ${disputeId}`
    if (dispute.ruling)
      throw new Refusal('already_ruled', `${of} was ${dispute.ruling.verdict} on ${dispute.ruling.on}.`)
    if (by === dispute.filedBy || by.startsWith('partner:'))
      throw new Refusal('own_dispute', `${of} was filed by ${dispute.filedBy}; ${by} cannot rule on it.`)
    const insurer = dispute.deciders.find((each) => signsFor(by, each))
    if (insurer === undefined)
      throw new Refusal('not_concerned', `${of} is decided by the insurer of the person it is about; ${by} is not.`)
    if (dispute.verdicts.some((each) => each.insurer === insurer))
      throw new Refusal('already_ruled', `${of}: ${insurer} has given its verdict; the others have yet to.`)
    if (reason.trim() === '') throw new Refusal('no_reason', `${of}: a ruling gives its reason.`)
    await transaction.db
      .insertInto('dispute_verdict')
      .values({ dispute_id: disputeId, insurer, verdict, reason, ruled_by: by, ruled_on: on })
      .execute()
    if (verdict === 'upheld' && dispute.verdicts.length + 1 < dispute.deciders.length) return
    const deliveryId = verdict === 'upheld' ? await deliverRuling(transaction, dispute, on) : null
    await transaction.db
      .insertInto('ruling')
      .values({ dispute_id: disputeId, verdict, reason, ruled_by: by, ruled_on: on, delivery_id: deliveryId })
      .execute()
  })
}

/** @returns the delivery by which the ruling became a fact */
async function deliverRuling(transaction: Transaction, dispute: Dispute, on: Day): Promise<number> {
  const { client, db } = transaction
  const { runId, regionId } = await readSettlement(transaction, dispute.settlementId)
  const { contractSha256 } = await readRun(transaction, runId)
  const { contract } = await readContract(transaction, contractSha256)
  const { name } = await db
    .selectFrom('region')
    .select('name')
    .where('region_id', '=', regionId)
    .executeTakeFirstOrThrow()
  await enterRegion(client, name)
  const plan = await planDelivery(client, regionId)
  if (plan.latest !== null && on < plan.latest)
    throw new Refusal(
      'older_delivery',
      `A ruling becomes a fact on its day, and ${on} lies before the latest delivery, of ${plan.latest}: what was known then stays as it was.`,
      { on, latest: plan.latest },
    )
  const sourceFileId = await nextId(client, 'source_file')
  const facts = { regionId, deliveryId: plan.deliveryId, sourceFileId }
  const { contention } = dispute
  const rows =
    contention.kind === 'not_our_patient'
      ? await endEnrolments(client, facts, { ...contention, programme: contract.programme })
      : await replaceReading(client, facts, contention)
  const content = createHash('sha256').update(`dispute ${dispute.disputeId} upheld`).digest('hex')
  const file = { sourceFileId, name: rulingFile(dispute.disputeId), rows, rejected: 0 }
  await recordDelivery(client, plan, on, content, { rejects: Buffer.alloc(0), warnings: Buffer.alloc(0) }, [file])
  return plan.deliveryId
}

interface Origin {
  readonly regionId: number
  readonly deliveryId: number
  readonly sourceFileId: number
}

/** The latest set of a patient's enrolments in a programme is in force: the ruling delivers it again without those of the partner. */
async function endEnrolments(
  client: PoolClient,
  { regionId, deliveryId, sourceFileId }: Origin,
  gone: { readonly patientId: string; readonly partnerId: string; readonly programme: string },
): Promise<number> {
  await client.query(
    `create temporary table ruled on commit drop as
     select e.* from enrolment_known($1, 'infinity') e join patient w using (patient_key) where w.patient_id = $2 and e.programme = $3`,
    [regionId, gone.patientId, gone.programme],
  )
  await client.query(
    `insert into superseded_enrolment (region_id, patient_key, programme, delivery_id, by_delivery_id)
     select distinct region_id, patient_key, programme, delivery_id, $1::int from ruled`,
    [deliveryId],
  )
  const { rowCount } = await client.query(
    `insert into enrolment (region_id, patient_key, programme, partner_id, started_on, ended_on, end_reason, main_practitioner, delivery_id, source_file_id, line)
     select region_id, patient_key, programme, partner_id, started_on, ended_on, end_reason, main_practitioner, $1, $2,
            row_number() over (order by started_on, line)
       from ruled r where r.partner_id <> $3 and not exists (
         select from partner_known($4, 'infinity') p where p.partner_id = r.partner_id and p.member_of = $3)`,
    [deliveryId, sourceFileId, gone.partnerId, regionId],
  )
  await client.query('drop table ruled')
  return rowCount ?? 0
}

/** All readings of the measure on the day are replaced by the one value, or removed. */
async function replaceReading(
  client: PoolClient,
  { regionId, deliveryId, sourceFileId }: Origin,
  wrong: {
    readonly patientId: string
    readonly measure: string
    readonly observedOn: Day
    readonly value: number | null
  },
): Promise<number> {
  const { patientId, measure, observedOn, value } = wrong
  const { rows } = await client.query<{ patient_key: number; measure_id: number; partner_id: string | null }>(
    `with known as materialized (
       select o.* from observation_known($1, 'infinity') o join patient w using (patient_key) join measure_key k using (measure_id)
        where w.patient_id = $2 and k.key = $3 and o.observed_on = $4),
     superseded as (
       insert into superseded_observation (region_id, patient_key, measure_id, observed_on, delivery_id, by_delivery_id)
       select distinct region_id, patient_key, measure_id, observed_on, delivery_id, $5::int from known)
     select patient_key, measure_id, partner_id from known order by line limit 1`,
    [regionId, patientId, measure, observedOn, deliveryId],
  )
  const [before] = rows
  if (!before)
    throw new Refusal('unknown_reading', `There is no ${measure} of patient "${patientId}" on ${observedOn} any more.`)
  if (value === null) return 0
  await client.query(
    `insert into observation (region_id, patient_key, measure_id, observed_on, value, partner_id, delivery_id, source_file_id, line)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 1)`,
    [regionId, before.patient_key, before.measure_id, observedOn, value, before.partner_id, deliveryId, sourceFileId],
  )
  return 1
}
