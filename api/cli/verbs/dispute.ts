/** `winst dispute`, `winst rule` and `winst correct`: what would change, filing it, ruling on it, and the run that corrects. */
import { CAUSES, type Cause } from '../../../data/settlements/corrections.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { type Dispute, fileDispute, readDispute } from '../../../data/disputes/disputes.ts'
import { othersMoved, readEffects, readInsurerEffects } from '../../../data/disputes/previews.ts'
import { ruleOn } from '../../../data/disputes/rulings.ts'
import type { Identity, Reader } from '../../../data/access/keys.ts'
import type { Day } from '../../../engine/kernel/calendar.ts'
import type { Contention } from '../../../engine/explain/dispute.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { signatureOf } from '../../views/signature.ts'
import type { Verb } from '../verb.ts'
import { correctionAfter, correctionOrderOf, previewOrderOf } from '../../views/correction-order.ts'
import { disputeFor, refuseOthers } from '../../views/disputes.ts'
import { readSettlementRecord } from '../../views/settlement-view.ts'
import { holderOf, refuseOtherRegion, refuseOtherRoles, signed } from './holder.ts'
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
}

/** Without evidence (--file) it previews; with it, it files what it has previewed. */
export const disputeVerb: Verb<DisputeOptions> = (options, { terminal }) =>
  withStore(async (store, config) => {
    const owner = await holderOf(store)
    const { settlement: settlementId, partner: partnerId, file: evidence } = options
    refuseOthers(owner, partnerId)
    const record = await readSettlementRecord(store, owner, settlementId)
    refuseOtherRegion(owner, record.run.regionId, `settlement ${settlementId}`)
    const look = { command: 'winst dispute', regionId: record.run.regionId, purpose: 'dispute' } as const
    await noteLook(store, { ...look, object: { settlement: settlementId }, patients: [options.patient] })
    const asked = { settlementId, partnerId, contention: contentionIn(options) }
    const order = await signed(store, (own) => previewOrderOf(own, asked, signatureOf(owner)))
    await runLocally(store, config, order, { terminal })
    const previewId = order.runId
    const { effect, insurer_effects } = await effectFor(store, owner, previewId, partnerId)
    for (const { before_cents, after_cents, ...of } of [effect ?? [], insurer_effects].flat())
      terminal.line(
        'insurer' in of
          ? `${of.insurer} pays ${euro(before_cents)} in all, and would pay ${euro(after_cents)}.`
          : `${partnerId} is paid ${euro(before_cents)}, and would be paid ${euro(after_cents)}.`,
      )
    const others_moved = await othersMoved(store, previewId)
    if (others_moved > 0)
      terminal.line(`It would move the payments of ${others_moved} other partner${others_moved === 1 ? '' : 's'} too.`)
    if (evidence === undefined) {
      terminal.line('Nothing is filed; --file TEXT files it with what shows it.')
      return { preview_id: previewId, effect, insurer_effects, others_moved }
    }
    const filed = { previewId, evidence, by: signatureOf(owner) }
    const disputeId = await signed(store, (own) => fileDispute(own, filed))
    terminal.line(`Filed as dispute ${disputeId}.`)
    return disputeFor(owner, await readDispute(store, disputeId))
  })

/** What a partner would be paid, or what an insurer would pay. */
async function effectFor(store: Store, { role, subject }: Reader, previewId: string, partnerId: string) {
  if (role === 'insurer') {
    const effects = await readInsurerEffects(store, previewId)
    return { effect: null, insurer_effects: effects.filter(({ insurer }) => insurer === subject) }
  }
  const effects = await readEffects(store, previewId)
  return { effect: effects.find(({ partner_id }) => partner_id === partnerId) ?? null, insurer_effects: [] }
}

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
  readonly correct?: boolean
  readonly workers?: number
}

export const ruleVerb: Verb<RuleOptions> = (options, { terminal }) =>
  withStore(async (store, config) => {
    const { dispute: disputeId, verdict, reason, correct = false, workers } = options
    if (correct && verdict !== 'upheld')
      throw new Refusal('usage', 'A dispute that is dismissed changes nothing; leave --correct out.')
    const owner = await analystOrInsurer(store)
    const disputed = await readDispute(store, disputeId)
    const record = await readSettlementRecord(store, owner, disputed.settlementId)
    refuseOtherRegion(owner, record.run.regionId, `dispute ${disputeId}`)
    const look = { command: 'winst rule', regionId: record.run.regionId, purpose: 'dispute' } as const
    const patients = [disputed.contention.patientId]
    await noteLook(store, { ...look, object: { dispute: String(disputeId) }, patients })
    await signed(store, (own) => ruleOn(own, { disputeId, verdict, reason, by: signatureOf(owner) }))
    const dispute = await readDispute(store, disputeId)
    terminal.line(sayRuled(dispute))
    if (correct && dispute.ruling) {
      const order = await correctionAfter(store, dispute)
      const { result } = await runLocally(store, config, order, { terminal, workers })
      await printSettlement(store, String(result), undefined, terminal)
    } else if (dispute.ruling?.verdict === 'upheld')
      terminal.line(`winst correct --dispute ${disputeId} runs the correction.`)
    return disputeFor(owner, await readDispute(store, disputeId))
  })

function sayRuled({ disputeId, ruling, deciders, verdicts }: Dispute): string {
  if (ruling) return `Dispute ${disputeId} is ${ruling.verdict}.`
  const open = deciders.filter((insurer) => !verdicts.some((verdict) => verdict.insurer === insurer))
  return `Dispute ${disputeId}: the verdict is noted; ${open.join(', ')} has yet to give one.`
}

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
    const owner = await holderOf(store)
    refuseOtherRoles(owner, ['analyst'], 'prepare a correction')
    const preparedBy = signatureOf(owner)
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

async function analystOrInsurer(store: Store): Promise<Identity> {
  const owner = await holderOf(store)
  refuseOtherRoles(owner, ['analyst', 'insurer'], 'rule on a dispute')
  return owner
}
