/** What the demo shows beside its statement: a released settlement that is disputed, the year before as a trial, and a link for each role. */
import { readFile, writeFile } from 'node:fs/promises'
import { parse, stringify } from 'yaml'
import { appendLink } from '../../data/access/links.ts'
import type { Role } from '../../data/access/keys.ts'
import { fileDispute } from '../../data/disputes/disputes.ts'
import type { Store } from '../../data/postgres/database.ts'
import { readRunModels } from '../../data/runs/models.ts'
import { actOn } from '../../data/settlements/lifecycle.ts'
import { decideOnModel } from '../../data/settlements/model-registry.ts'
import { assessedPatientsOf } from '../../data/settlements/receipts.ts'
import { readSettlement, wholeSettlement } from '../../data/settlements/settlements.ts'
import { readStanding } from '../../data/settlements/standing.ts'
import { signsFor } from '../../engine/ledger/signer.ts'
import type { QueueBackend } from '../../jobs/queue/queue-backend.ts'
import { awaitRun, enqueueRun } from '../../jobs/queue/queues.ts'
import { previewOrderOf } from '../views/correction-order.ts'

/** Who does what in the demo: nobody prepares, reviews and approves the same. */
const [REVIEWER, APPROVER] = ['analyst:bob', 'analyst:cas']

/** The contract of the year before, on its first outcome: what a region works out before it signs. */
export async function trialContract(path: string, to: string): Promise<string> {
  const signed = parse(await readFile(path, 'utf8')) as {
    readonly outcomes: readonly object[]
    readonly reference: object
  }
  await writeFile(
    to,
    stringify({
      ...signed,
      contract: 'synthetic-dm2-2024',
      title: 'Gezondheidswinst DM2 2024, proefjaar',
      period: { start: '2024-01-01', end: '2024-12-31' },
      reference: { ...signed.reference, end: '2023-12-31' },
      outcomes: signed.outcomes.slice(0, 1),
    }),
  )
  return to
}

/** Takes a settlement that was only prepared through review, its models and the insurers' approval; then the partner that is paid most
 *  disputes one of its patients.
 *  @returns the partner, and an insurer that pays */
export async function releasedAndDisputed(
  store: Store,
  queue: QueueBackend,
  settlementId: string,
): Promise<{ readonly partner: string; readonly insurer: string }> {
  const { partners } = await wholeSettlement(store, settlementId)
  const [most] = partners.toSorted((a, b) => b.payment_cents - a.payment_cents)
  const partner = most?.partner_id ?? ''
  const settlement = await readSettlement(store, settlementId)
  const { insurers } = await readStanding(store, settlement)
  const insurer = insurers.find((each) => signsFor(`insurer:${each}`, each)) ?? ''
  // Stopped and started again it is there already.
  if (settlement.state !== 'prepared') return { partner, insurer }
  await actOn(store, { settlementId, act: 'review', by: REVIEWER })
  for (const { modelId } of await readRunModels(store, settlementId))
    await decideOnModel(store, modelId, { state: 'payable', by: APPROVER, reason: 'demo: card read' })
  for (const each of insurers) {
    const own = `insurer:${each}`
    await actOn(store, { settlementId, act: 'release', by: signsFor(own, each) ? own : APPROVER })
  }
  await dispute(store, queue, settlementId, partner)
  return { partner, insurer }
}

async function dispute(store: Store, queue: QueueBackend, settlementId: string, partnerId: string): Promise<void> {
  const [patient] = await assessedPatientsOf(store, { runId: settlementId, partnerId, limit: 1 })
  if (!patient) return
  const contention = { kind: 'not_our_patient', patientId: patient.patient_id, partnerId } as const
  const by = `partner:${partnerId}`
  const preview = await previewOrderOf(store, { settlementId, partnerId, contention }, by)
  await enqueueRun(queue, preview)
  await awaitRun(queue, preview.runId)
  await fileDispute(store, { previewId: preview.runId, evidence: 'demo: moved to another practice in June', by })
}

/** A link for each role, each of which signs in once.
 *  @returns role and path */
export async function linksFor(
  store: Store,
  regionId: number,
  { partner, insurer }: { readonly partner: string; readonly insurer: string },
): Promise<readonly (readonly [Role, string])[]> {
  const people = [
    ['analyst', 'demo'],
    ['insurer', insurer],
    ['partner', partner],
    ['researcher', 'rob'],
    ['auditor', 'aud'],
  ] as const
  const links: [Role, string][] = []
  for (const [role, subject] of people)
    links.push([role, `/sign-in/link/${await appendLink(store, { role, subject, regionId, issuedBy: 'operator' })}`])
  return links
}
