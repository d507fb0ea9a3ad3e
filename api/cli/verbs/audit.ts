/** `winst audit`: whether the audit log is as it was written, event by event along its chains. */
import { auditHeads, brokenEvents, holdsEvent } from '../../../data/audit/audit-events.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import type { Verb } from '../verb.ts'
import { withStore } from './local-services.ts'

export interface AuditOptions {
  readonly verify?: boolean
  /** an end of a chain that was kept elsewhere */
  readonly kept?: { readonly seq: number; readonly hash: string }
}

export const auditVerb: Verb<AuditOptions> = ({ kept }, { terminal }) =>
  withStore(async (store) => {
    const heads = await auditHeads(store)
    const [broken] = await brokenEvents(store)
    if (broken)
      throw new Refusal(
        'audit_chain_broken',
        `The audit log is not as it was written: event ${broken.seq} of chain ${broken.chain}, ${broken.fault}. Compare with a backup from before.`,
        { ...broken },
      )
    if (kept && !(await holdsEvent(store, kept)))
      throw new Refusal(
        'audit_chain_broken',
        `The audit log has no event ${kept.seq} of that hash any more: something was taken off its end. Compare with a backup from before.`,
        { ...kept },
      )
    terminal.line('The audit log is as it was written. Keep where it ends elsewhere; --kept SEQ:HASH finds it again.')
    for (const { region, seq, hash } of heads) terminal.line(`${region ?? '(nobody let in)'}  ${seq}:${hash}`)
    return { verified: true, heads }
  })
