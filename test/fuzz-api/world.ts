/** The real app over two settled regions whose every name and id is known, and a reader of every role in both. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../../api/app.ts'
import type { Role } from '../../data/access/keys.ts'
import type { Store } from '../../data/postgres/database.ts'
import { openQueueBackend } from '../../jobs/queue/queue-backend.ts'
import { tokenFor } from '../support/services/keys.ts'
import { settledRegion, SIZES, type SettledRegion } from '../support/regions/settled-region.ts'
import { releasedByHand } from '../support/settlements/released.ts'

/** A word that is in every name and id of a region, and in nothing else. */
export const MARKS = ['aster', 'berk'] as const
export type Mark = (typeof MARKS)[number]

const ROLES = [
  ['analyst', 'ann'],
  ['analyst', 'bob'],
  ['auditor', 'aud'],
  ['administrator', 'adm'],
  ['insurer', '7095'],
  ['insurer', '3311'],
  ['partner', 'p01'],
  ['partner', 'p03'],
  ['researcher', 'rob'],
] as const satisfies readonly (readonly [Role, string])[]

export interface Asker {
  readonly role: Role | 'nobody'
  readonly subject: string
  readonly mark: Mark | null
  /** null: none is sent */
  readonly token: string | null
}

export interface World {
  readonly app: FastifyInstance
  readonly askers: readonly Asker[]
  /** by the name of a parameter or a key: what exists, in either region */
  readonly known: Record<string, string[]>
  /** what no other region's reader may be shown */
  readonly secrets: Readonly<Record<Mark, readonly string[]>>
  close(): Promise<void>
}

/** Settles both regions on a fresh, migrated store. The settlement of the first is released, that of the second waits for its review. */
export async function worldOn(store: Store, log: Writable | null = null): Promise<World> {
  const queue = await openQueueBackend({ store, redisUrl: null })
  // Pages are kept in little memory, so that what grows is seen.
  const uploads = await mkdtemp(join(tmpdir(), 'fuzz-uploads-'))
  const app = await buildApp({ store, queue, uploads }, log, { keptBytes: 2_000_000 })
  const regions = {
    aster: await settledRegion(store, 'regio-aster', 'aster'),
    berk: await settledRegion(store, 'regio-berk', 'berk'),
  }
  await releasedByHand(store, regions.aster.settlement.settlement_id)
  const askers: Asker[] = [
    { role: 'nobody', subject: '', mark: null, token: null },
    { role: 'nobody', subject: '', mark: null, token: 'of-nobody' },
  ]
  for (const mark of MARKS)
    for (const [role, subject] of ROLES)
      askers.push({ role, subject, mark, token: await tokenFor(store, role, subject, `regio-${mark}`) })
  const close = async (): Promise<void> => {
    await app.close()
    await queue.close()
    await rm(uploads, { recursive: true, force: true })
  }
  return { app, askers, known: await knownIn(store, regions), secrets: await secretsOf(store, regions), close }
}

/** What was made by a request is known to those after it: `/v1/runs/ID` names a run. */
export function learn({ known }: World, location: string): void {
  const [, , kinds = '', id = ''] = location.split('/')
  const kind = KINDS[kinds]
  if (kind === undefined || id === '') return
  const ids = (known[kind] ??= [])
  if (!ids.includes(id)) ids.unshift(id)
  if (ids.length > 20) ids.pop()
}

const KINDS: Readonly<Record<string, string>> = {
  runs: 'run',
  'dispute-previews': 'preview',
  disputes: 'dispute',
  questions: 'question',
  jobs: 'job',
  keys: 'key',
}

type Regions = Readonly<Record<Mark, SettledRegion>>

const column = async (store: Store, query: string): Promise<string[]> =>
  (await store.pool.query<{ it: string }>(query)).rows.map(({ it }) => it)

async function knownIn(store: Store, regions: Regions): Promise<World['known']> {
  const settlements = Object.values(regions).map(({ settlement }) => settlement.settlement_id)
  const models = await column(store, 'select model_id as it from model_artefact')
  const contracts = await column(store, 'select contract_sha256 as it from contract')
  return {
    settlement: settlements,
    settlement_id: settlements,
    from: settlements,
    run: await column(store, 'select run_id as it from run'),
    model: models,
    contract: [...MARKS.map((mark) => `regio-${mark}`), ...contracts, 'nieuw'],
    region: MARKS.map((mark) => `regio-${mark}`),
    partner: Object.keys(SIZES),
    partner_id: Object.keys(SIZES),
    patient: await column(store, `select patient_id as it from patient`),
    patient_id: await column(store, `select patient_id as it from patient`),
    after: ['p01-000', ''],
    act: ['review', 'approve', 'release', 'reject', 'pay'],
    dispute: ['1', '2'],
    key: await column(store, 'select key_id as it from access_key limit 4'),
    delivery: ['1', '2'],
    practice: ['dc01', 'x'],
    programme: ['dm2', 'cvrm'],
    preview: [],
    measure: ['hba1c', 'sbp'],
    by: ['measure', 'partner,sex', 'year,age_band', 'programme'],
    role: ROLES.map(([role]) => role),
    insurer: ['7095', '3311', '1111'],
  }
}

async function secretsOf(store: Store, regions: Regions): Promise<World['secrets']> {
  const of = (mark: Mark): string[] => {
    const { settlement, world } = regions[mark]
    return [mark, settlement.settlement_id, settlement.contract_sha256, settlement.dataset_sha256, world.run.runId]
  }
  const models = await store.pool.query<{ model_id: string; run_id: string }>('select model_id, run_id from run_model')
  const modelsOf = (mark: Mark): string[] =>
    models.rows.filter(({ run_id }) => run_id === regions[mark].world.run.runId).map(({ model_id }) => model_id)
  return { aster: [...of('aster'), ...modelsOf('aster')], berk: [...of('berk'), ...modelsOf('berk')] }
}
