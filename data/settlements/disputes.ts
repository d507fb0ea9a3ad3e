/** Disputes about released settlements: previewed, filed in time, ruled on by someone else; all of it kept in order. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Day } from '../../engine/kernel/calendar.ts'
import { canonicalJson } from '../../engine/kernel/canonical.ts'
import { type Contention, deadlineOf } from '../../engine/explain/dispute.ts'
import { invariant, Refusal } from '../../engine/kernel/refusal.ts'
import { assessedPatientsOf } from './receipts.ts'
import type { Store } from '../postgres/database.ts'
import { readSettlement } from './settlements.ts'
import type { Transaction } from '../postgres/transaction.ts'

/** The contention of a partner about a settlement. */
export interface PreviewOrder {
  readonly settlementId: string
  readonly partnerId: string
  readonly contention: Contention
}

export interface Preview extends PreviewOrder {
  readonly previewId: string
}

export interface Effect {
  readonly partner_id: string
  readonly before_cents: number
  readonly after_cents: number
}

/** A dispute with its ruling and correction. */
export interface Dispute extends Preview {
  readonly disputeId: number
  readonly evidence: string
  readonly filedBy: string
  readonly filedOn: Day
  readonly deadlineOn: Day
  /** of the partner that filed it */
  readonly effect: Effect
  readonly ruling: {
    readonly verdict: 'upheld' | 'dismissed'
    readonly reason: string
    readonly by: string
    readonly on: Day
  } | null
  /** the settlement that corrects because of it, once there is one */
  readonly correctedBy: string | null
}

/** Stores a contention as a preview, so that its effect can be computed; the same contention is one preview.
 *  @throws Refusal `unknown_patient` where the patient does not count for the partner in the settlement, `unknown_reading` */
export async function appendPreview(store: Store, order: PreviewOrder): Promise<string> {
  const { settlementId, partnerId, contention } = order
  const { runId, regionId, asOf } = await readSettlement(store, settlementId)
  const { patientId } = contention
  const [assessed] = await assessedPatientsOf(store, { runId, partnerId, patientId, limit: 1 })
  if (!assessed)
    throw new Refusal('unknown_patient', `Patient "${patientId}" does not count for ${partnerId} in this settlement.`, {
      patientId,
    })
  const [observedOn, measure, value] =
    contention.kind === 'value_wrong'
      ? [contention.observedOn, contention.measure, contention.value]
      : [null, null, null]
  const measureId = measure === null ? null : await readingOf(store, { regionId, asOf, patientId, measure, observedOn })
  const previewId = createHash('sha256').update(canonicalJson({ settlementId, partnerId, contention })).digest('hex')
  await sql`insert into dispute_preview (preview_id, settlement_id, partner_id, patient_key, kind, measure_id, observed_on, value)
    select ${previewId}, ${settlementId}, ${partnerId}, patient_key, ${contention.kind}, ${measureId}, ${observedOn}, ${value}
      from patient where region_id = ${regionId} and patient_id = ${patientId} on conflict do nothing`.execute(store.db)
  return previewId
}

interface ReadingAsked {
  readonly regionId: number
  readonly asOf: Day
  readonly patientId: string
  readonly measure: string
  readonly observedOn: Day | null
}

/** The number of the measure that was read of the patient on the day, as known on another.
 *  @throws Refusal `unknown_reading` */
async function readingOf(
  store: Pick<Store, 'db'>,
  { regionId, asOf, patientId, measure, observedOn }: ReadingAsked,
): Promise<number> {
  const { rows } = await sql<{ measure_id: number }>`
    select measure_id from observation_known(${regionId}, ${asOf}) join patient using (patient_key) join measure_key using (measure_id)
     where patient_id = ${patientId} and key = ${measure} and observed_on = ${observedOn}`.execute(store.db)
  if (rows[0]) return rows[0].measure_id
  throw new Refusal(
    'unknown_reading',
    `No ${measure} of patient "${patientId}" on ${observedOn} was known on ${asOf}; the receipt of the patient lists what was.`,
    { patientId, measure, observedOn },
  )
}

/** @throws Refusal `unknown_preview` */
export async function readPreview(store: Pick<Store, 'db'>, previewId: string): Promise<Preview> {
  const { rows } = await sql<PreviewRow>`${previewsSelected} where v.preview_id = ${previewId}`.execute(store.db)
  if (rows[0]) return previewOf(rows[0])
  throw new Refusal('unknown_preview', `There is no preview "${previewId}"; ask for one first.`, { previewId })
}

interface PreviewRow {
  readonly preview_id: string
  readonly settlement_id: string
  readonly partner_id: string
  readonly patient_id: string
  readonly kind: Contention['kind']
  readonly measure: string | null
  readonly observed_on: Day | null
  readonly value: number | null
}

const previewColumns = sql`v.preview_id, v.settlement_id, v.partner_id, w.patient_id, v.kind, k.key as measure, v.observed_on, v.value`
const previewTables = sql`dispute_preview v join patient w using (patient_key) left join measure_key k using (measure_id)`
const previewsSelected = sql`select ${previewColumns} from ${previewTables}`

function previewOf(row: PreviewRow): Preview {
  const { preview_id: previewId, settlement_id: settlementId, partner_id: partnerId, patient_id: patientId } = row
  const { measure, observed_on: observedOn, value } = row
  if (measure === null || observedOn === null)
    return { previewId, settlementId, partnerId, contention: { kind: 'not_our_patient', patientId, partnerId } }
  const contention: Contention = { kind: 'value_wrong', patientId, measure, observedOn, value }
  return { previewId, settlementId, partnerId, contention }
}

/** Stores the effect of a preview on every partner of the settlement. */
export async function appendEffects(
  { db }: Pick<Transaction, 'db'>,
  previewId: string,
  effects: readonly Effect[],
): Promise<void> {
  await db
    .insertInto('dispute_effect')
    .values(effects.map((effect) => ({ preview_id: previewId, ...effect })))
    .execute()
}

/** The effect of a preview, in order of partner_id; empty until it is computed. */
export async function readEffects(store: Pick<Store, 'db'>, previewId: string): Promise<Effect[]> {
  return await store.db
    .selectFrom('dispute_effect')
    .select(['partner_id', 'before_cents', 'after_cents'])
    .where('preview_id', '=', previewId)
    .orderBy(sql`partner_id collate "C"`)
    .execute()
}

/** Files what was previewed, until the deadline.
 *  @throws Refusal `not_previewed`, `not_released`, `too_late`, `already_filed` */
export async function fileDispute(
  store: Pick<Store, 'db'>,
  filed: { readonly previewId: string; readonly evidence: string; readonly by: string; readonly on: Day },
): Promise<number> {
  const { previewId, evidence, by, on } = filed
  const { settlementId } = await readPreview(store, previewId)
  const { state, releasedOn } = await readSettlement(store, settlementId)
  if (releasedOn === null || !['released', 'paid'].includes(state) || on < releasedOn)
    throw new Refusal('not_released', `Settlement ${settlementId} is ${state}; what is released can be disputed.`, {
      state,
    })
  const deadline = deadlineOf(releasedOn)
  if (on > deadline)
    throw new Refusal(
      'too_late',
      `Settlement ${settlementId} was released on ${releasedOn}; disputes could be filed until ${deadline}, and this is ${on}.`,
      { deadline },
    )
  if ((await readEffects(store, previewId)).length === 0)
    throw new Refusal('not_previewed', 'The effect of this dispute is not computed yet; look at its preview first.', {
      previewId,
    })
  if (evidence.trim() === '') throw new Refusal('no_evidence', 'A dispute says what shows it: give some evidence.')
  const row = await store.db
    .insertInto('dispute')
    .values({ preview_id: previewId, evidence, filed_by: by, filed_on: on, deadline_on: deadline })
    .onConflict((conflict) => conflict.column('preview_id').doNothing())
    .returning('dispute_id')
    .executeTakeFirst()
  if (row) return row.dispute_id
  throw new Refusal('already_filed', 'The same was filed before; it is among the disputes of the settlement.', {
    previewId,
  })
}

/** Disputes in the order in which they were filed: one, or those of a settlement, or all. */
export async function readDisputes(
  store: Pick<Store, 'db'>,
  of: { readonly disputeId?: number; readonly settlementId?: string } = {},
): Promise<Dispute[]> {
  const { rows } = await sql<PreviewRow & DisputeRow>`
    select ${previewColumns}, d.dispute_id, d.evidence, d.filed_by, d.filed_on, d.deadline_on, e.before_cents, e.after_cents,
           r.verdict, r.reason, r.ruled_by, r.ruled_on, c.settlement_id as corrected_by
      from ${previewTables} join dispute d using (preview_id)
      join dispute_effect e on e.preview_id = v.preview_id and e.partner_id = v.partner_id
      left join ruling r using (dispute_id) left join correction c using (dispute_id)
     where (${of.disputeId ?? null}::int is null or d.dispute_id = ${of.disputeId ?? null})
       and (${of.settlementId ?? null}::text is null or v.settlement_id = ${of.settlementId ?? null})
     order by d.dispute_id`.execute(store.db)
  return rows.map((row) => ({
    ...previewOf(row),
    disputeId: row.dispute_id,
    evidence: row.evidence,
    filedBy: row.filed_by,
    filedOn: row.filed_on,
    deadlineOn: row.deadline_on,
    effect: { partner_id: row.partner_id, before_cents: row.before_cents, after_cents: row.after_cents },
    ruling: row.verdict && { verdict: row.verdict, reason: row.reason, by: row.ruled_by, on: row.ruled_on },
    correctedBy: row.corrected_by,
  }))
}

/** @throws Refusal `unknown_dispute` */
export async function readDispute(store: Pick<Store, 'db'>, disputeId: number): Promise<Dispute> {
  const [dispute, ...others] = await readDisputes(store, { disputeId })
  invariant(others.length === 0, 'a ruling leads to one correction')
  if (dispute) return dispute
  throw new Refusal('unknown_dispute', `There is no dispute ${disputeId}.`, { disputeId })
}

type DisputeRow = {
  readonly dispute_id: number
  readonly evidence: string
  readonly filed_by: string
  readonly filed_on: Day
  readonly deadline_on: Day
  readonly before_cents: number
  readonly after_cents: number
  readonly corrected_by: string | null
} & RulingColumns

/** All of a ruling, or nothing. */
type RulingColumns =
  | {
      readonly verdict: 'upheld' | 'dismissed'
      readonly reason: string
      readonly ruled_by: string
      readonly ruled_on: Day
    }
  | { readonly verdict: null; readonly reason: null; readonly ruled_by: null; readonly ruled_on: null }
