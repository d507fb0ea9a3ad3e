/** What is asked page by page, ids cut short, requests under a key, and jobs. */
import { idOf } from '../../../data/access/id-prefix.ts'
import { beginKeyed, forgetKeyed, keepAnswer } from '../../../data/access/idempotency.ts'
import type { Identity } from '../../../data/access/keys.ts'
import { findListedDelivery, listDeliveries } from '../../../data/region/delivery-lists.ts'
import { listPartners, listPatients } from '../../../data/region/people-lists.ts'
import { appendCancellation, appendJob, findJob, listJobs } from '../../../data/runs/jobs.ts'
import { findRun, listExpectations, listRuns } from '../../../data/runs/run-lists.ts'
import { listDifferences } from '../../../data/settlements/differences.ts'
import type { PageAsked } from '../../../data/postgres/keyset.ts'
import type { Calls, Stage } from './calls.ts'

const page = (sort: string, after: PageAsked['after'] = null): PageAsked => ({
  sort,
  descending: false,
  after,
  limit: 2,
})

export function listCalls({ store, world }: Stage): Calls {
  const { run } = world
  const { regionId, asOf } = run
  const who: Identity = {
    regionId,
    region: 'queries',
    role: 'analyst',
    subject: 'ann',
    scope: 'act',
    credential: '',
    person: null,
  }
  const asked = { key: 'k', requestSha256: '0'.repeat(64), attempt: 'first' }
  const job = { jobId: 'f'.repeat(64), regionId, kind: 'settle', about: {}, by: 'analyst:ann' } as const
  return {
    'access idOf': () => idOf(store, 'contract', 'cafecafe'),
    'access beginKeyed': () => beginKeyed(store, who, asked),
    'access keepAnswer': () => keepAnswer(store, who, asked, { status: 200, headers: {}, body: Buffer.from('') }),
    'access forgetKeyed': () => forgetKeyed(store, who, asked),
    'runs appendJob': () => appendJob(store, job),
    'runs appendCancellation': () => appendCancellation(store, job.jobId, 'analyst:ann'),
    'runs listJobs': () => listJobs(store, page('requested', [1, 1])),
    'runs findJob': () => findJob(store, job.jobId),
    'runs listRuns': () => listRuns(store, page('as_of', ['2025-01-01', 1])),
    'runs findRun': () => findRun(store, run.runId),
    'runs listExpectations': () =>
      listExpectations(store, run, page('patient_id', ['a', 'a']), { measure: 'hba1c', yearsBefore: 0, partner: null }),
    'region listDeliveries': () => listDeliveries(store, regionId, page('delivered_on', ['2025-01-01', 1])),
    'region findListedDelivery': () => findListedDelivery(store, 1),
    'region listPartners': () => listPartners(store, { regionId, asOf }, page('name', ['a', 'a'])),
    'region listPatients': () => listPatients(store, { regionId, asOf }, page('patient_id', ['a', 'a'])),
    'settlements listDifferences': () => listDifferences(store, null),
  }
}
