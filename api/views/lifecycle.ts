/** The lifecycle of a settlement in the view of each role: events to all who may see the settlement, amounts to analysts, to the insurer whose
 *  share it is, and to the partner itself. */
import type { Store } from '../../data/postgres/database.ts'
import { actDay } from '../../data/settlements/act-day.ts'
import { readPayout, readSetOffs } from '../../data/settlements/payments.ts'
import { releaseObstacles } from '../../data/settlements/release-obstacles.ts'
import { ledgerHead, wholeSettlement, type StoredSettlement } from '../../data/settlements/settlements.ts'
import { readStanding } from '../../data/settlements/standing.ts'
import type { Reader } from '../../data/access/keys.ts'
import { deadlineOf } from '../../engine/explain/dispute.ts'
import { nextActs, type Standing, stateOf } from '../../engine/ledger/lifecycle.ts'
import type { PayoutLine } from '../../engine/ledger/payout.ts'
import type { LifecycleView } from '../schemas/lifecycle.ts'
import { readsWhole } from './role-view.ts'
import { readSettlementRecord, type RunSettlementRecord } from './settlement-view.ts'

/** @param whole the store without row-level security, out of which an insurer's share is computed: rounding may move a cent of it with the
 *  shares of the others
 *  @throws Refusal `unknown_settlement`; whether the reader may know of it was asked before */
export async function lifecycleFor(
  store: Store,
  reader: Reader,
  settlementId: string,
  whole: Store = store,
): Promise<LifecycleView> {
  const record = await readSettlementRecord(store, reader, settlementId)
  const { stored } = record
  const standing = await readStanding(store, stored)
  const { lifecycle } = standing
  const state = stateOf(lifecycle)
  const lines = state === 'rejected' ? [] : await linesFor(store, reader, record, whole)
  const held = state === 'reviewed' || state === 'prepared' ? await releaseObstacles(store, settlementId) : []
  return {
    settlement_id: settlementId,
    contract: stored.contractId,
    as_of: stored.asOf,
    state,
    status: stored.status,
    next: [...nextActs(state)],
    held_by: reader.role === 'partner' ? [] : held.map(({ sentence }) => sentence),
    events: lifecycle.map((event) => ({ ...event })),
    disputes: await disputesOf(store, stored),
    shares:
      reader.role === 'partner'
        ? []
        : sharesOf(standing, lines).map((share) =>
            reader.role === 'insurer' ? { ...share, pays: duesOf(record, lines, share.insurer) } : share,
          ),
    pays: reader.role === 'insurer' ? [] : paysOf(lines),
    segment2: state === 'rejected' ? [] : await setOffsFor(store, reader, record),
    ledger_head: await ledgerHead(store),
  }
}

/** Until when a dispute may be filed, of what is released. */
async function disputesOf(
  store: Store,
  { releasedOn }: Pick<StoredSettlement, 'releasedOn'>,
): Promise<LifecycleView['disputes']> {
  if (releasedOn === null) return null
  const until = deadlineOf(releasedOn)
  return { until, past: (await actDay(store)) > until }
}

async function linesFor(
  store: Store,
  reader: Reader,
  { stored, settlement }: RunSettlementRecord,
  whole: Store,
): Promise<PayoutLine[]> {
  if (readsWhole(reader)) return await readPayout(store, stored, settlement)
  if (reader.role === 'insurer') {
    const lines = await readPayout(whole, stored, await wholeSettlement(whole, stored.settlementId))
    return lines.filter(({ insurer }) => insurer === reader.subject)
  }
  const lines = await readPayout(store, stored, settlement)
  return lines.filter(({ partner_id }) => partner_id === reader.subject)
}

async function setOffsFor(
  store: Store,
  reader: Reader,
  { stored, settlement }: RunSettlementRecord,
): Promise<LifecycleView['segment2']> {
  if (reader.role === 'insurer') return []
  const setOffs = await readSetOffs(store, stored, settlement)
  return readsWhole(reader) ? setOffs : setOffs.filter(({ partner_id }) => partner_id === reader.subject)
}

const sumsOf = (lines: readonly PayoutLine[]) => ({
  owed_cents: lines.reduce((sum, { owed_cents }) => sum + owed_cents, 0),
  before_cents: lines.reduce((sum, { before_cents }) => sum + before_cents, 0),
  due_cents: lines.reduce((sum, { due_cents }) => sum + due_cents, 0),
})

function sharesOf({ insurers, approvals, payments }: Standing, lines: readonly PayoutLine[]): LifecycleView['shares'] {
  return insurers.map((insurer) => {
    const approved = approvals.find((each) => each.insurer === insurer)
    const paid = payments.find((each) => each.insurer === insurer)
    return {
      insurer,
      approved: approved
        ? { by: approved.by, on: approved.on, note: approved.note, finality: approved.finality }
        : null,
      paid: paid ? { by: paid.by, on: paid.on } : null,
      ...sumsOf(lines.filter((line) => line.insurer === insurer)),
    }
  })
}

/** What an insurer is due to each partner that it is told of, and to the others together. */
function duesOf(
  { excerpt }: RunSettlementRecord,
  lines: readonly PayoutLine[],
  insurer: string,
): { partner_id: string | null; due_cents: number }[] {
  const own = lines.filter((line) => line.insurer === insurer)
  const shown = new Set(excerpt?.insurer?.partners.map(({ partner_id }) => partner_id))
  const [told, folded] = [
    paysOf(own.filter(({ partner_id }) => shown.has(partner_id))),
    sumsOf(own.filter(({ partner_id }) => !shown.has(partner_id))),
  ]
  const dues = told.map(({ partner_id, due_cents }) => ({ partner_id, due_cents }))
  return folded.due_cents === 0 ? dues : [...dues, { partner_id: null, due_cents: folded.due_cents }]
}

function paysOf(lines: readonly PayoutLine[]): LifecycleView['pays'] {
  const partners = [...new Set(lines.map(({ partner_id }) => partner_id))]
  return partners.map((partner_id) => ({
    partner_id,
    ...sumsOf(lines.filter((line) => line.partner_id === partner_id)),
  }))
}
