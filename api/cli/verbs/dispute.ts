/** `winst dispute`, `winst rule` and `winst correct`: what would change, filing it, ruling on it, and the run that corrects. */
import { CAUSES, type Cause } from '../../../data/settlements/corrections.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { fileDispute, readDispute, readEffects } from '../../../data/settlements/disputes.ts'
import { ruleOn } from '../../../data/settlements/rulings.ts'
import type { Reader } from '../../../data/access/keys.ts'
import type { Day } from '../../../engine/kernel/calendar.ts'
import type { Contention } from '../../../engine/explain/dispute.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { signatureOf, today } from '../../views/signature.ts'
import type { Verb } from '../verb.ts'
import { correctionAfter, correctionOrderOf, previewOrderOf } from '../../views/correction-order.ts'
import { disputeFor, refuseOthers } from '../../views/disputes.ts'
import { readSettlementRecord } from '../../views/settlement-view.ts'
import { tokenHolder } from './act.ts'
import { euro, printSettlement } from './print-settlement.ts'
import { noteLook } from '../looks.ts'
import { runLocally, withStore } from './local-services.ts'
import { writeResults } from './write-results.ts'

export interface DisputeOptions {
  readonly settlement: string
  readonly partner: string
  readonly patient: string
  readonly measure?: string
  readonly observedOn?: Day
  readonly value?: number
  readonly file?: string
  readonly on?: Day
}

/** Without evidence (--file) it previews; with it, it files what it has previewed. */
export const disputeVerb: Verb<DisputeOptions> = (options, { terminal }) =>
  withStore(async (store, config) => {
    const owner = await tokenHolder(store)
    const { settlement: settlementId, partner: partnerId, file: evidence, on = today() } = options
    refuseOthers(owner, partnerId)
    const record = await readSettlementRecord(store, owner, settlementId)
    const look = { command: 'winst dispute', regionId: record.run.regionId, purpose: 'dispute' } as const
    await noteLook(store, { ...look, object: { settlement: settlementId }, patients: [options.patient] })
    const order = await previewOrderOf(store, { settlementId, partnerId, contention: contentionIn(options) })
    await runLocally(store, config, order, { terminal })
    const previewId = order.runId
    const effect = (await readEffects(store, previewId)).find(({ partner_id }) => partner_id === partnerId)
    if (effect)
      terminal.line(`${partnerId} is paid ${euro(effect.before_cents)}, and would be paid ${euro(effect.after_cents)}.`)
    if (evidence === undefined) {
      terminal.line('Nothing is filed; --file TEXT files it with what shows it.')
      return { preview_id: previewId, effect }
    }
    const disputeId = await fileDispute(store, { previewId, evidence, by: signatureOf(owner), on })
    terminal.line(`Filed as dispute ${disputeId}.`)
    return disputeFor(record, await readDispute(store, disputeId))
  })

function contentionIn({
  patient: patientId,
  partner: partnerId,
  measure,
  observedOn,
  value,
}: DisputeOptions): Contention {
  if (measure === undefined && observedOn === undefined && value === undefined)
    return { kind: 'not_our_patient', patientId, partnerId }
  if (measure !== undefined && observedOn !== undefined)
    return { kind: 'value_wrong', patientId, measure, observedOn, value: value ?? null }
  throw new Refusal(
    'usage',
    'A wrong value is named by --measure and --observed-on, with --value for the right one; without any of them the patient is not yours.',
  )
}

export interface RuleOptions {
  readonly dispute: number
  readonly verdict: 'upheld' | 'dismissed'
  readonly reason: string
  readonly on?: Day
  readonly correct?: boolean
  readonly workers?: number
}

export const ruleVerb: Verb<RuleOptions> = (options, { terminal }) =>
  withStore(async (store, config) => {
    const { dispute: disputeId, verdict, reason, on = today(), correct = false, workers } = options
    if (correct && verdict !== 'upheld')
      throw new Refusal('usage', 'A dispute that is dismissed changes nothing; leave --correct out.')
    const owner = await analystOrInsurer(store)
    const record = await readSettlementRecord(store, owner, (await readDispute(store, disputeId)).settlementId)
    const { patientId } = (await readDispute(store, disputeId)).contention
    const look = { command: 'winst rule', regionId: record.run.regionId, purpose: 'dispute' } as const
    await noteLook(store, { ...look, object: { dispute: String(disputeId) }, patients: [patientId] })
    await ruleOn(store, { disputeId, verdict, reason, by: signatureOf(owner), on })
    terminal.line(`Dispute ${disputeId} is ${verdict}.`)
    if (correct) {
      const order = await correctionAfter(store, await readDispute(store, disputeId), signatureOf(owner))
      const { result } = await runLocally(store, config, order, { terminal, workers })
      await printSettlement(store, String(result), undefined, terminal)
    } else if (verdict === 'upheld') terminal.line(`winst correct --dispute ${disputeId} runs the correction.`)
    return disputeFor(record, await readDispute(store, disputeId))
  })

export interface CorrectOptions {
  readonly settlement?: string
  readonly cause?: Cause
  readonly note?: string
  readonly dispute?: number
  readonly asOf?: Day
  readonly workers?: number
  readonly out?: string
}

export const correctVerb: Verb<CorrectOptions> = (options, { terminal }) =>
  withStore(async (store, config) => {
    const preparedBy = signatureOf(await analystOrInsurer(store))
    const { settlement: settlementId, dispute, cause, note = '', asOf, workers, out } = options
    if ((settlementId === undefined) === (dispute === undefined) || (settlementId !== undefined && cause === undefined))
      throw new Refusal('usage', `Name an upheld --dispute, or a --settlement with its --cause (${CAUSES.join(', ')}).`)
    const order =
      dispute === undefined
        ? await correctionOrderOf(store, { settlementId: settlementId!, cause: cause!, note, asOf, preparedBy })
        : await correctionAfter(store, await readDispute(store, dispute), preparedBy)
    const { result } = await runLocally(store, config, order, { terminal, workers })
    if (out !== undefined) await writeResults(store, String(result), out)
    return await printSettlement(store, String(result), out, terminal)
  })

async function analystOrInsurer(store: Store): Promise<Reader> {
  const owner = await tokenHolder(store)
  if (owner.role === 'analyst' || owner.role === 'insurer') return owner
  throw new Refusal('not_allowed', `The role ${owner.role} may not do this; an analyst or insurer may.`)
}
