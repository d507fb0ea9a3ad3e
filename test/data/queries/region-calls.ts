/** What is asked of a region and its deliveries, of snapshots and of the profile. */
import { expect } from 'vitest'
import { appendBoardStatement, openBoardStatement } from '../../../data/access/board-statements.ts'
import { appendLink, useLink } from '../../../data/access/links.ts'
import {
  appendKey,
  hashOfToken,
  identityOf,
  issueKey,
  keyIdOf,
  listKeys,
  revokeKey,
  withdrawKey,
} from '../../../data/access/keys.ts'
import { asIdentity, asReader, asSigner, asWorker } from '../../../data/access/request-store.ts'
import {
  appendEvent,
  appendEvents,
  auditHeads,
  brokenEvents,
  holdsEvent,
  readEvents,
} from '../../../data/audit/audit-events.ts'
import type { AuditEvent } from '../../../data/audit/audit-event.ts'
import { seenPatients, workList } from '../../../data/work/work-list.ts'
import { assessmentFrame } from '../../../data/frames/assessment-frame.ts'
import { profileOf } from '../../../data/profile/profile.ts'
import { perProcedureCents } from '../../../data/region/claims.ts'
import { appendContract, contractOfRegion, listContracts, readContract } from '../../../data/region/contracts.ts'
import { deliveriesUpTo, deliveryOn, filesKnownBy } from '../../../data/region/deliveries.ts'
import { enrolledPartnerIds } from '../../../data/region/enrolled-partners.ts'
import { refusePeriodWithoutData } from '../../../data/region/period-data.ts'
import { readQuality } from '../../../data/region/quality.ts'
import { definitionsOf, programmesWith, regionProgrammes } from '../../../data/region/region-programmes.ts'
import {
  latestDelivery,
  countPatients,
  readPartners,
  readRegions,
  regionAsked,
  regionMade,
  regionOf,
} from '../../../data/region/regions.ts'
import { serversOf } from '../../../data/region/servers.ts'
import { readPanel, takeSnapshot } from '../../../data/snapshot/snapshot.ts'
import { contractOn } from '../../support/regions/region-run.ts'
import { sha256 } from '../../support/settlements/sha256.ts'
import type { Calls, Stage } from './calls.ts'

const NAME = 'queries'

export function regionCalls({ store, world: { run } }: Stage): Calls {
  const { regionId, asOf } = run
  const contract = contractOn(NAME, 'hba1c', 'sbp')
  const region = { regionId, name: NAME }
  return {
    'claims perProcedureCents': () =>
      perProcedureCents(store, {
        regionId,
        asOf,
        programme: 'dm2',
        period: contract.period,
        insurers: ['7095'],
        partnerIds: ['p01', 'p02'],
        credited: Int32Array.of(0, 1),
      }),
    'contracts appendContract': () =>
      appendContract(store, regionId, { contractSha256: sha256('other'), contract, yaml: '' }),
    'contracts readContract': () => readContract(store, run.contractSha256),
    'contracts contractOfRegion': () => contractOfRegion(store, regionId, NAME),
    'contracts listContracts': () => listContracts(store, regionId),
    'deliveries deliveriesUpTo': () => deliveriesUpTo(store, regionId, asOf),
    'deliveries deliveryOn': () => deliveryOn(store, region, asOf),
    'enrolled-partners enrolledPartnerIds': () => enrolledPartnerIds(store, regionId, asOf, 'dm2'),
    'period-data refusePeriodWithoutData': () => refusePeriodWithoutData(store, { regionId, asOf, contract }),
    'quality readQuality': () => readQuality(store, regionId, asOf),
    'region-programmes regionProgrammes': () => regionProgrammes(store.pool, regionId, asOf),
    'region-programmes programmesWith': () => programmesWith(store.pool, regionId, []),
    'region-programmes definitionsOf': () => definitionsOf(store.pool, regionId, asOf),
    'regions regionOf': () => regionOf(store, NAME),
    'regions regionMade': () => regionMade(store, NAME),
    'regions regionAsked': () => regionAsked(store, undefined),
    'regions readRegions': () => readRegions(store),
    'regions latestDelivery': () => latestDelivery(store, region),
    'deliveries filesKnownBy': () => filesKnownBy(store, regionId, asOf),
    'regions countPatients': () => countPatients(store, regionId),
    'regions readPartners': () => readPartners(store.pool, regionId, asOf),
    'servers serversOf': () => serversOf(store, NAME),
  }
}

const LOOK: AuditEvent = {
  regionId: null,
  event: 'look',
  accessPoint: 'test',
  role: 'analyst',
  who: 'ann',
  onBehalfOf: null,
  credential: 'key',
  purpose: 'settlement',
  outcome: 'allowed',
  code: null,
  object: {},
  patients: ['p01-001'],
  everybody: null,
}

/** @param deliveryId of the delivery that the region was settled on */
export function snapshotCalls({ store, settlement, world: { run } }: Stage, deliveryId: number): Calls {
  const { regionId, asOf, datasetSha256 } = run
  const ann = { role: 'analyst', subject: 'ann', regionId } as const
  const ada = { role: 'administrator', subject: 'ada', regionId } as const
  return {
    'snapshot takeSnapshot': async () => {
      const programme = (await regionProgrammes(store.pool, regionId, asOf)).get('dm2')!
      await takeSnapshot(store, { regionId, asOf, programme })
    },
    'work workList': () => workList(store, { regionId, asOf }),
    'work seenPatients': () => seenPatients(store, regionId, ['p01-001']),
    'snapshot readPanel': () => readPanel(store, { regionId, datasetSha256, programme: 'dm2', shard: 0 }),
    'profile profileOf': () => profileOf(store, { region: NAME, regionId, deliveryId, deliveredOn: asOf }),
    'frames assessmentFrame': () => assessmentFrame(store, run.runId, { measure: 'hba1c' }),
    'links appendLink': () => appendLink(store, { ...ann, issuedBy: 'root' }),
    'links useLink': () => useLink(store, 'of nobody'),
    // not reviewed yet: the database refuses it
    'board-statements appendBoardStatement': () =>
      asSigner(store, { role: 'partner', subject: 'p01', regionId }, (own) =>
        appendBoardStatement(own, { settlementId: settlement.settlement_id, days: 7, pdf: Buffer.from('%PDF') }),
      ).catch((error: unknown) => expect(String(error)).toContain('is made by a partner')),
    'board-statements openBoardStatement': () => openBoardStatement(store, 'of nobody'),
    'keys appendKey': () => appendKey(store, 'one', { ...ann, issuedBy: 'root' }),
    'keys identityOf': () => identityOf(store, 'one'),
    'keys listKeys': () => listKeys(store, regionId),
    'keys revokeKey': () => revokeKey(store, { keyId: keyIdOf(hashOfToken('one')), regionId, revokedBy: 'root' }),
    'keys issueKey': () => asSigner(store, ada, (own) => issueKey(own, 'two', { role: 'analyst', subject: 'bob' })),
    'keys withdrawKey': () => asSigner(store, ada, (own) => withdrawKey(own, keyIdOf(hashOfToken('two')))),
    'audit appendEvent': () => appendEvent(store, LOOK),
    'audit appendEvents': () => appendEvents(store, [{ ...LOOK, waitedMs: 5, times: 2 }]),
    'audit readEvents': () =>
      readEvents(
        store,
        { who: 'ann', patient: 'p01-001', event: 'look', outcome: 'allowed', from: asOf, to: asOf },
        { sort: 'kept', descending: true, after: [9, 9], limit: 2 },
      ),
    'audit auditHeads': () => auditHeads(store),
    'audit holdsEvent': () => holdsEvent(store, { seq: 1, hash: '' }),
    'audit brokenEvents': () => brokenEvents(store),
    'request-store asIdentity': () => asIdentity(store, ann, (own) => readRegions(own)),
    'request-store asReader': () => asReader(store, ann, (own) => readRegions(own)),
    'request-store asWorker': () => asWorker(store, (own) => readRegions(own)),
    'request-store asSigner': () => asSigner(store, ann, (own) => readRegions(own)),
  }
}
