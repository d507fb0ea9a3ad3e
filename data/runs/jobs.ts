/** Jobs as the store knows them: what was asked for, by whom, and who called it off. How far one is, the queue knows. */
import { sql } from 'kysely'
import { keysetOf, pageCut, type Listing, type PageAsked, type PageOf } from '../postgres/keyset.ts'
import type { Store } from '../postgres/database.ts'

export const JOB_KINDS = ['settle', 'train', 'correct', 'preview', 'difference', 'import'] as const
export type JobKind = (typeof JOB_KINDS)[number]

export interface JobOrder {
  readonly jobId: string
  readonly regionId: number
  readonly kind: JobKind
  /** what it is about, by id */
  readonly about: Readonly<Record<string, string | number | boolean | null>>
  /** signature of whoever asks */
  readonly by: string
}

export interface Job extends Omit<JobOrder, 'by'> {
  readonly seq: number
  /** who asked for it last, and when */
  readonly requestedBy: string
  readonly requestedAt: Date
  /** who called it off after that */
  readonly cancelledBy: string | null
}

/** Keeps that a job was asked for; asked for again it is the same job. */
export async function appendJob(
  store: Pick<Store, 'db'>,
  { jobId, regionId, kind, about, by }: JobOrder,
): Promise<void> {
  await store.db
    .insertInto('job')
    .values({ job_id: jobId, region_id: regionId, kind, about: JSON.stringify(about) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await appendEvent(store, jobId, 'requested', by)
}

/** Keeps that a job was called off. */
export const appendCancellation = (store: Pick<Store, 'db'>, jobId: string, by: string): Promise<void> =>
  appendEvent(store, jobId, 'cancelled', by)

async function appendEvent(store: Pick<Store, 'db'>, jobId: string, event: 'requested' | 'cancelled', by: string) {
  await store.db.insertInto('job_event').values({ job_id: jobId, event, acted_by: by }).execute()
}

/** Jobs by the order in which they were first asked for. */
export const JOBS: Listing<Job> = {
  sorts: { requested: { kind: 'integer', of: ({ seq }) => seq, sql: 'j.seq' } },
  id: { kind: 'integer', of: ({ seq }) => seq, sql: 'j.seq' },
  first: '-requested',
}

const jobs = sql`select j.job_id as "jobId", j.region_id as "regionId", j.kind, j.about, j.seq,
    asked.acted_by as "requestedBy", asked.acted_at as "requestedAt", off.acted_by as "cancelledBy"
  from job j
  cross join lateral (select e.seq, e.acted_by, e.acted_at from job_event e
    where e.job_id = j.job_id and e.event = 'requested' order by e.seq desc limit 1) asked
  left join lateral (select e.acted_by from job_event e
    where e.job_id = j.job_id and e.event = 'cancelled' and e.seq > asked.seq order by e.seq desc limit 1) off on true`

/** A page of the jobs that whoever asks may see, of one kind or of all. */
export async function listJobs(
  store: Pick<Store, 'db'>,
  asked: PageAsked,
  kind: JobKind | null = null,
): Promise<PageOf<Job>> {
  const { after, order, limit } = keysetOf(JOBS, asked)
  const { rows } = await sql<Job>`${jobs}
    where ${after} and (${kind}::text is null or j.kind = ${kind}) order by ${order} limit ${limit}`.execute(store.db)
  return pageCut(JOBS, asked, rows)
}

/** The job of that id; null: there is none, or none that whoever asks may see. */
export async function findJob(store: Pick<Store, 'db'>, jobId: string): Promise<Job | null> {
  const { rows } = await sql<Job>`${jobs} where j.job_id = ${jobId}`.execute(store.db)
  return rows[0] ?? null
}
