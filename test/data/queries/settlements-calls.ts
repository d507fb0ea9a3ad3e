/** What is asked of settlements: the ledger, acts, payments, disputes, corrections, differences. */
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import type { Writable } from 'node:stream'
import { readContract } from '../../../data/region/contracts.ts'
import { actDay } from '../../../data/settlements/act-day.ts'
import { readBook } from '../../../data/accounts/book.ts'
import { writeBundle } from '../../../data/settlements/bundle.ts'
import { insurerBundle } from '../../../data/settlements/insurer-bundle.ts'
import { refuseContractYears } from '../../../data/settlements/contract-years.ts'
import * as controlEffects from '../../../data/settlements/control-effects.ts'
import * as corrections from '../../../data/settlements/corrections.ts'
import * as differences from '../../../data/settlements/differences.ts'
import * as disputes from '../../../data/disputes/disputes.ts'
import * as previews from '../../../data/disputes/previews.ts'
import * as excerpts from '../../../data/settlements/excerpts.ts'
import { actOn } from '../../../data/settlements/lifecycle.ts'
import * as registry from '../../../data/settlements/model-registry.ts'
import { writeExpectations, writeLedger, writePlacebo } from '../../../data/settlements/outputs.ts'
import { listPayments } from '../../../data/accounts/payment-list.ts'
import {
  payableInsurers,
  payAdvance,
  readPayout,
  readSetOffs,
  settledAtOnce,
} from '../../../data/settlements/payments.ts'
import { assessedPatientsOf, rowsOfPatient, settlementsOfPatient } from '../../../data/settlements/receipts.ts'
import { releaseObstacles } from '../../../data/settlements/release-obstacles.ts'
import { ruleOn } from '../../../data/disputes/rulings.ts'
import * as settlements from '../../../data/settlements/settlements.ts'
import { readLifecycle, readStanding, wholeStanding } from '../../../data/settlements/standing.ts'
import { inTransaction, type Transaction } from '../../../data/postgres/transaction.ts'
import { differenceOf } from '../../../engine/explain/difference.ts'
import type { Act } from '../../../engine/ledger/lifecycle.ts'
import { contractOn } from '../../support/regions/region-run.ts'
import { sha256 } from '../../support/settlements/sha256.ts'
import { settlementOn, appendPlain } from '../../support/settlements/plain-settlement.ts'
import type { Calls, Stage } from './calls.ts'

const NAME = 'queries'
const ON = '2026-02-01'
const LATER = settlementOn(NAME, '2026-01-02', 100)

export function settlementCalls({ store, settlement, world: { run } }: Stage): Calls {
  const id = settlement.settlement_id
  const { runId, regionId, asOf } = run
  const of = { contractId: NAME, regionId, asOf }
  const modelId = sha256(`${NAME} sbp`)
  const within = <T>(work: (transaction: Transaction) => Promise<T>) => inTransaction(store, work)
  const act = (name: Act, by: string) => () => actOn(store, { settlementId: id, act: name, by, finality: 'final' })
  const drained = (write: (out: Writable) => Promise<unknown>) => async () => {
    const out = new PassThrough()
    out.resume()
    await write(out)
  }
  const stored = () => settlements.readSettlement(store, id)
  return {
    'control-effects appendControlEffects': () =>
      within((transaction) =>
        controlEffects.appendControlEffects(transaction, id, [
          { control_id: 'c1', payments: [{ partner_id: 'p1', payment_cents: -12 }] },
        ]),
      ),
    'control-effects readControlEffects': () => controlEffects.readControlEffects(store, id),
    'settlements lockLedger': () => within((transaction) => settlements.lockLedger(transaction)),
    'settlements ledgerHead': () => settlements.ledgerHead(store),
    'settlements entriesOfAccount': () =>
      settlements.entriesOfAccount(store.db, { contractId: NAME, regionId, periodStart: null }),
    'settlements readLedger': () => settlements.readLedger(store, id),
    'settlements brokenEntry': () => settlements.brokenEntry(store),
    'settlements findSettlement': () => settlements.findSettlement(store, id),
    'settlements readSettlement': stored,
    'settlements documentOf': () => settlements.documentOf(store, id),
    'settlements wholeSettlement': () => settlements.wholeSettlement(store, id),
    'settlements listSettlements': () => settlements.listSettlements(store, of),
    'settlements settlementAsOf': () => settlements.settlementAsOf(store, of),
    'excerpts appendExcerpts': async () =>
      excerpts.appendExcerpts(store, settlement, (await readContract(store, run.contractSha256)).contract),
    'excerpts readExcerpt': () => excerpts.readExcerpt(store, id, { role: 'partner', subject: 'p01' }),
    'excerpts settlementsOf': () => excerpts.settlementsOf(store, { role: 'partner', subject: 'p01' }),
    'excerpts completeExcerpts': () => excerpts.completeExcerpts(store),
    'model-registry registerModel': () =>
      registry.registerModel(
        store,
        { modelId, learnedUntil: '2024-12-31', holds: true, finding: 'holds' },
        { by: 'winst', on: ON },
      ),
    'model-registry decideOnModel': async () => {
      for (const measure of ['hba1c', 'sbp'])
        await registry.decideOnModel(store, sha256(`${NAME} ${measure}`), {
          state: 'payable',
          reason: 'seen',
          by: 'analyst:frank',
        })
    },
    'model-registry decisionsOn': () => registry.decisionsOn(store, modelId),
    'model-registry lastDecisions': () => registry.lastDecisions(store, [modelId]),
    'model-registry listModels': () => registry.listModels(store),
    'release-obstacles releaseObstacles': () => releaseObstacles(store, id),
    'act-day actDay': () => actDay(store),
    'lifecycle actOn, a review': act('review', 'analyst:bob'),
    'lifecycle actOn, an approval': act('release', 'insurer:3311'),
    'lifecycle actOn, the last approval': act('release', 'insurer:7095'),
    'lifecycle actOn, a payment': act('pay', 'analyst:dave'),
    'standing readStanding': async () => readStanding(store, await stored()),
    'standing wholeStanding': async () => wholeStanding(store, await stored()),
    'standing readLifecycle': async () => readLifecycle(store, await stored()),
    'payments readPayout': async () => readPayout(store, await stored(), settlement),
    'payments readSetOffs': async () => readSetOffs(store, await stored(), settlement),
    'payments payAdvance': () =>
      payAdvance(store, {
        contractId: NAME,
        regionId,
        contract: { attribution: [] },
        quarterDay: '2026-04-01',
        partners: [{ partner_id: 'p01', cents: 100 }],
        by: 'analyst:dave',
      }),
    'payments payableInsurers': async () => payableInsurers(store, await stored(), ['7095']),
    'payments settledAtOnce': () => settledAtOnce(store, of, null),
    'payment-list listPayments': () => listPayments(store, { regionId, settlementId: id }),
    'book readBook': () => readBook(store, { contractId: NAME, regionId, postedOn: ON, recorded: 10 }),
    'receipts rowsOfPatient': () => rowsOfPatient(store, { regionId, asOf, patientId: 'p01-000' }),
    'receipts settlementsOfPatient': () => settlementsOfPatient(store, { regionId, patientId: 'p01-000' }),
    'receipts assessedPatientsOf': () => assessedPatientsOf(store, { runId, partnerId: 'p01', limit: 2 }),
    'outputs writeExpectations': drained((out) => writeExpectations(store, run, out)),
    'outputs writePlacebo': drained((out) => writePlacebo(store, run, out)),
    'outputs writeLedger': drained((out) => writeLedger(store, id, out)),
    // last: what is corrected by a later one is not released
    'settlements appendSettlement': () => appendPlain(store, run, LATER),
  }
}

/** Of disputes, corrections and differences: on a settlement that was released. */
export function disputeCalls({ store, settlement, place, world: { run } }: Stage): Calls {
  const id = settlement.settlement_id
  const { runId, regionId, asOf } = run
  const later = LATER.settlement_id
  const by = { by: 'partner:p01' } as const
  const contention = { kind: 'not_our_patient', patientId: 'p01-000', partnerId: 'p01' } as const
  const correction = { corrects: id, cause: 'late_data', disputeId: null, note: 'late' } as const
  let previewId = ''
  return {
    'previews appendPreview': async () => {
      previewId = await previews.appendPreview(store, { settlementId: id, partnerId: 'p01', contention }, 'partner:p01')
    },
    'previews readPreview': () => previews.readPreview(store, previewId),
    'previews appendEffects': () =>
      previews.appendEffects(
        store,
        previewId,
        [{ partner_id: 'p01', before_cents: 1, after_cents: 2 }],
        [{ insurer: '7095', before_cents: 1, after_cents: 2 }],
      ),
    'previews readInsurerEffects': () => previews.readInsurerEffects(store, previewId),
    'previews othersMoved': () => previews.othersMoved(store, previewId),
    'previews readEffects': () => previews.readEffects(store, previewId),
    'previews isPreviewed': () => previews.isPreviewed(store, previewId),
    'disputes fileDispute': () => disputes.fileDispute(store, { previewId, evidence: 'a letter', ...by }),
    'disputes readDisputes': () => disputes.readDisputes(store, { settlementId: id }),
    'disputes readDispute': () => disputes.readDispute(store, 1),
    'rulings ruleOn': () => ruleOn(store, { disputeId: 1, verdict: 'upheld', reason: 'so', by: 'insurer:7095' }),
    'corrections lastRejectedOf': () => corrections.lastRejectedOf(store, id, asOf),
    'corrections correctionOf': () => corrections.correctionOf(store, 1),
    'corrections correctableAsOf': () => corrections.correctableAsOf(store, id, '2026-03-01'),
    'corrections appendCorrection': () => corrections.appendCorrection(store, later, correction),
    'corrections readCorrection': () => corrections.readCorrection(store, id),
    'contract-years refuseContractYears': () =>
      refuseContractYears(store, { regionId, contract: contractOn(NAME, 'hba1c') }),
    'corrections releasedBefore': () =>
      corrections.releasedBefore(store, { contractId: NAME, regionId, periodStart: null, asOf }),
    'corrections adoptModels': () => corrections.adoptModels(store, sha256('another run of queries'), runId),
    'differences orderedSettlements': () => differences.orderedSettlements(store, id, later),
    'differences ruledBetween': async () =>
      differences.ruledBetween(store, await settlements.readSettlement(store, id), { asOf: '2026-03-01' }),
    'differences settlementBefore': () =>
      differences.settlementBefore(store, { contractId: NAME, regionId, periodStart: null, settlementId: id }),
    'differences appendDifference': () =>
      differences.appendDifference(
        store,
        differenceOf(
          settlement,
          LATER,
          Array.from({ length: 5 }, () => settlement),
        ),
      ),
    'differences readDifference': () => differences.readDifference(store, id, later),
    'differences hasPanels': () => differences.hasPanels(store, run, 'dm2'),
    'insurer-bundle insurerBundle': () => insurerBundle(store, id, '7095'),
    'bundle writeBundle': () => writeBundle(store, id, join(place, 'bundle.gz')),
  }
}
