/** Disputes about released settlements: previewed, filed in time by a partner or an insurer, decided by the insurers concerned. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Day } from '../../engine/kernel/calendar.ts'
import { canonicalJson } from '../../engine/kernel/canonical.ts'
import { type Contention, deadlineOf } from '../../engine/explain/dispute.ts'
import { invariant, Refusal } from '../../engine/kernel/refusal.ts'
import { assessedPatientsOf } from './receipts.ts'
import type { Store } from '../postgres/database.ts'
import { actDay } from './act-day.ts'
import { readSettlement } from './settlements.ts'
import { signerOf } from '../../engine/ledger/signer.ts'
import { inTransaction, type Transaction } from '../postgres/transaction.ts'

/** The contention of a partner about a settlement. */
export interface PreviewOrder {
  readonly settlementId: string
  readonly partnerId: string
  readonly contention: Contention
}

export interface Preview extends PreviewOrder {
  readonly previewId: string
  /** the insurers that it concerns; `unknown`: none that is known */
  readonly insurers: readonly string[]
}

export interface Effect {
  readonly partner_id: string
  readonly before_cents: number
  readonly after_cents: number
}

/** What an insurer pays in all, before and after. */
export interface InsurerEffect {
  readonly insurer: string
  readonly before_cents: number
  readonly after_cents: number
}

/** What an insurer that a dispute concerns holds of it. */
export interface Verdict {
  readonly insurer: string
  readonly verdict: 'upheld' | 'dismissed'
  readonly reason: string
  readonly by: string
  readonly on: Day
}

/** A dispute with its ruling and correction. */
export interface Dispute extends Preview {
  readonly disputeId: number
  readonly evidence: string
  readonly filedBy: string
  readonly filedOn: Day
  readonly deadlineOn: Day
  /** of the partner that it is about; null: not for the reader */
  readonly effect: Effect | null
  /** to an insurer its own, to analysts and auditors all, to a partner none */
  readonly insurerEffects: readonly InsurerEffect[]
  /** how many other partners it would make a difference to */
  readonly othersMoved: number
  /** who decides: each of these has to; `unknown`: an analyst */
  readonly deciders: readonly string[]
  readonly verdicts: readonly Verdict[]
  readonly ruling: {
    readonly verdict: 'upheld' | 'dismissed'
    readonly reason: string
    readonly by: string
    readonly on: Day
  } | null
  /** the settlement that corrects because of it, once there is one that is not rejected */
  readonly correctedBy: string | null
}

/** Stores a contention as a preview, so that its effect can be computed; the same contention is one preview.
 *  @param askedBy signature of a partner or an insurer
 *  @throws Refusal `unknown_patient` where the patient does not count for the partner in the settlement, or is not insured by the insurer that
 *    asks; `unknown_reading` */
export async function appendPreview(store: Store, order: PreviewOrder, askedBy: string): Promise<string> {
  const { settlementId, partnerId, contention } = order
  const { runId, regionId, asOf } = await readSettlement(store, settlementId)
  const { patientId } = contention
  const [assessed] = await assessedPatientsOf(store, { runId, partnerId, patientId, limit: 1 })
  if (!assessed) throw noPatient(patientId, partnerId)
  const [observedOn, measure, value] =
    contention.kind === 'value_wrong'
      ? [contention.observedOn, contention.measure, contention.value]
      : [null, null, null]
  const measureId = measure === null ? null : await readingOf(store, { regionId, asOf, patientId, measure, observedOn })
  const previewId = createHash('sha256').update(canonicalJson({ settlementId, partnerId, contention })).digest('hex')
  await inTransaction(store, async ({ db }) => {
    await sql`insert into dispute_preview (preview_id, settlement_id, partner_id, patient_key, kind, measure_id, observed_on, value)
      select ${previewId}, ${settlementId}, ${partnerId}, patient_key, ${contention.kind}, ${measureId}, ${observedOn}, ${value}
        from patient where region_id = ${regionId} and patient_id = ${patientId} on conflict do nothing`.execute(db)
    const { role, party } = signerOf(askedBy)
    if (role === 'insurer' && !(await readPreview({ db }, previewId)).insurers.includes(party))
      throw noPatient(patientId, partnerId)
    await db
      .insertInto('dispute_asked')
      .values({ preview_id: previewId, asked_by: askedBy })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  })
  return previewId
}

const noPatient = (patientId: string, partnerId: string): Refusal =>
  new Refusal('unknown_patient', `Patient "${patientId}" does not count for ${partnerId} in this settlement.`, {
    patientId,
  })

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
  readonly insurers: readonly string[]
}

const previewColumns = sql`v.preview_id, v.settlement_id, v.partner_id, v.insurers, w.patient_id, v.kind, k.key as measure, v.observed_on, v.value`
const previewTables = sql`dispute_preview v join patient w using (patient_key) left join measure_key k using (measure_id)`
const previewsSelected = sql`select ${previewColumns} from ${previewTables}`

function previewOf(row: PreviewRow): Preview {
  const { preview_id: previewId, settlement_id: settlementId, partner_id: partnerId, patient_id: patientId } = row
  const { measure, observed_on: observedOn, value, insurers } = row
  if (measure === null || observedOn === null)
    return {
      previewId,
      settlementId,
      partnerId,
      insurers,
      contention: { kind: 'not_our_patient', patientId, partnerId },
    }
  const contention: Contention = { kind: 'value_wrong', patientId, measure, observedOn, value }
  return { previewId, settlementId, partnerId, insurers, contention }
}

/** Stores the effect of a preview on every partner and every insurer of the settlement. */
export async function appendEffects(
  { db }: Pick<Transaction, 'db'>,
  previewId: string,
  effects: readonly Effect[],
  insurerEffects: readonly InsurerEffect[],
): Promise<void> {
  await db
    .insertInto('dispute_effect')
    .values(effects.map((effect) => ({ preview_id: previewId, ...effect })))
    .execute()
  if (insurerEffects.length === 0) return
  await db
    .insertInto('dispute_insurer_effect')
    .values(insurerEffects.map((effect) => ({ preview_id: previewId, ...effect })))
    .execute()
}

/** The effect of a preview on insurers, in their order. */
export async function readInsurerEffects(store: Pick<Store, 'db'>, previewId: string): Promise<InsurerEffect[]> {
  return await store.db
    .selectFrom('dispute_insurer_effect')
    .select(['insurer', 'before_cents', 'after_cents'])
    .where('preview_id', '=', previewId)
    .orderBy(sql`insurer collate "C"`)
    .execute()
}

/** To how many partners besides its own a preview would make a difference. */
export async function othersMoved(store: Pick<Store, 'db'>, previewId: string): Promise<number> {
  const { rows } = await sql<{ others: number }>`select others_moved(${previewId}) as others`.execute(store.db)
  return rows[0]?.others ?? 0
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
  filed: { readonly previewId: string; readonly evidence: string; readonly by: string },
): Promise<number> {
  const { previewId, evidence, by } = filed
  const on = await actDay(store)
  const { settlementId } = await readPreview(store, previewId)
  const { state, releasedOn } = await readSettlement(store, settlementId)
  if (releasedOn === null || !['released', 'paid'].includes(state))
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
  if (!(await isPreviewed(store, previewId)))
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

async function isPreviewed({ db }: Pick<Store, 'db'>, previewId: string): Promise<boolean> {
  const row = await db
    .selectFrom('dispute_effect')
    .select('partner_id')
    .where('preview_id', '=', previewId)
    .executeTakeFirst()
  return row !== undefined
}

/** Disputes in the order in which they were filed: one, or those of a settlement, or all. */
export async function readDisputes(
  store: Pick<Store, 'db'>,
  of: { readonly disputeId?: number; readonly settlementId?: string } = {},
): Promise<Dispute[]> {
  const { rows } = await sql<PreviewRow & DisputeRow>`
    select ${previewColumns}, d.dispute_id, d.evidence, d.filed_by, d.filed_on, d.deadline_on, e.before_cents, e.after_cents,
           r.verdict, r.reason, r.ruled_by, r.ruled_on, deciders(d.dispute_id) as deciders, others_moved(v.preview_id) as others,
           ${insurerEffectsSelected} as insurer_effects, ${verdictsSelected} as verdicts,
           (select c.settlement_id from correction c join settlement_state st using (settlement_id)
             where c.dispute_id = d.dispute_id and st.state <> 'rejected' order by c.settlement_id limit 1) as corrected_by
      from ${previewTables} join dispute d using (preview_id)
      left join dispute_effect e on e.preview_id = v.preview_id and e.partner_id = v.partner_id
      left join ruling r using (dispute_id)
     where (${of.disputeId ?? null}::int is null or d.dispute_id = ${of.disputeId ?? null})
       and (${of.settlementId ?? null}::text is null or v.settlement_id = ${of.settlementId ?? null})
     order by d.dispute_id`.execute(store.db)
  return rows.map(disputeOf)
}

const insurerEffectsSelected = sql`coalesce((select json_agg(json_build_object(
    'insurer', i.insurer, 'before_cents', i.before_cents, 'after_cents', i.after_cents) order by i.insurer collate "C")
  from dispute_insurer_effect i where i.preview_id = v.preview_id), '[]')`
const verdictsSelected = sql`coalesce((select json_agg(json_build_object(
    'insurer', n.insurer, 'verdict', n.verdict, 'reason', n.reason, 'by', n.ruled_by, 'on', n.ruled_on) order by n.seq)
  from dispute_verdict n where n.dispute_id = d.dispute_id), '[]')`

function disputeOf(row: PreviewRow & DisputeRow): Dispute {
  const { partner_id, before_cents, after_cents } = row
  return {
    ...previewOf(row),
    disputeId: row.dispute_id,
    evidence: row.evidence,
    filedBy: row.filed_by,
    filedOn: row.filed_on,
    deadlineOn: row.deadline_on,
    effect: before_cents === null || after_cents === null ? null : { partner_id, before_cents, after_cents },
    insurerEffects: row.insurer_effects,
    othersMoved: row.others,
    deciders: [...row.deciders].sort(),
    verdicts: row.verdicts,
    ruling: row.verdict && { verdict: row.verdict, reason: row.reason, by: row.ruled_by, on: row.ruled_on },
    correctedBy: row.corrected_by,
  }
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
  readonly before_cents: number | null
  readonly after_cents: number | null
  readonly deciders: readonly string[]
  readonly others: number
  readonly insurer_effects: readonly InsurerEffect[]
  readonly verdicts: readonly Verdict[]
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
