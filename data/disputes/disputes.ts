/** Disputes about released settlements: filed in time by a partner or an insurer, decided by the insurers concerned. */
import { sql } from 'kysely'
import type { Day } from '../../engine/kernel/calendar.ts'
import { deadlineOf } from '../../engine/explain/dispute.ts'
import { invariant, Refusal } from '../../engine/kernel/refusal.ts'
import type { Store } from '../postgres/database.ts'
import { actDay } from '../settlements/act-day.ts'
import { readSettlement } from '../settlements/settlements.ts'
import {
  type Effect,
  type InsurerEffect,
  isPreviewed,
  type Preview,
  previewColumns,
  previewOf,
  type PreviewRow,
  previewTables,
  readPreview,
} from './previews.ts'

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
