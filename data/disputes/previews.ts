/** Previews of disputes: what a partner or an insurer contends, and what that would move, before anything is filed. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Day } from '../../engine/kernel/calendar.ts'
import { canonicalJson } from '../../engine/kernel/canonical.ts'
import type { Contention } from '../../engine/explain/dispute.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { signerOf } from '../../engine/ledger/signer.ts'
import type { Store } from '../postgres/database.ts'
import { inTransaction, type Transaction } from '../postgres/transaction.ts'
import { assessedPatientsOf } from '../settlements/receipts.ts'
import { readSettlement } from '../settlements/settlements.ts'

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

/** A preview as it is selected. */
export interface PreviewRow {
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

/** What is selected of a preview, and whence: for who selects more beside it. */
export const previewColumns = sql`v.preview_id, v.settlement_id, v.partner_id, v.insurers, w.patient_id, v.kind, k.key as measure, v.observed_on, v.value`
export const previewTables = sql`dispute_preview v join patient w using (patient_key) left join measure_key k using (measure_id)`
const previewsSelected = sql`select ${previewColumns} from ${previewTables}`

/** The preview of a selected row. */
export function previewOf(row: PreviewRow): Preview {
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

/** Whether the effect of a preview is computed. */
export async function isPreviewed({ db }: Pick<Store, 'db'>, previewId: string): Promise<boolean> {
  const row = await db
    .selectFrom('dispute_effect')
    .select('partner_id')
    .where('preview_id', '=', previewId)
    .executeTakeFirst()
  return row !== undefined
}
