/** Obstacles to the release of a settlement: models that are not payable. */
import { sql } from 'kysely'
import type { Certainty } from '../../engine/constants/constant.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import type { Store } from '../postgres/database.ts'
import { sameName, type ModelState } from './model-registry.ts'

/** Why a settlement is held, of one outcome. */
export interface Obstacle {
  readonly code: ObstacleCode
  readonly measure: string
  /** '': it is no model's */
  readonly modelId: string
  /** what, and what would lift it */
  readonly sentence: string
}

export const OBSTACLE_CODES = [
  'model_retired',
  'model_not_validated',
  'learned_too_late',
  'drift_alarm',
  'model_not_payable',
  'payable_by_preparer',
  'exchange_not_known',
] as const
export type ObstacleCode = (typeof OBSTACLE_CODES)[number]

/** All obstacles of a settlement, by measure; none: it may be released. Checked in the transaction of the release:
 *  a release (`actOn` in data/settlements/lifecycle.ts) is refused with the first sentence.
 *
 *  A settlement may be released when no price of its contract was made by a rate that nobody knows well (GK-low, NF), and every model behind it is payable, was made so by another person than the preparer of the settlement,
 *  has no training data in the contract period, and has no drift alarm later than that decision. */
export async function releaseObstacles(store: Pick<Store, 'db'>, settlementId: string): Promise<Obstacle[]> {
  const { rows } = await sql<Standing>`
    select l.measure, l.model_id, last.state, v.learned_until, c.document->'period'->>'start' as starts,
      a.month as alarmed, a.kind, coalesce(a.seq > last.seq, false) as unseen,
      last.decided_by, s.prepared_by
      from settlement s
      join run r using (run_id)
      join contract c using (contract_sha256)
      join run_model l using (run_id)
      join lateral (select * from model_decision d where d.model_id = l.model_id order by d.seq desc limit 1) last on true
      left join model_validation v on v.model_id = l.model_id
      left join drift_alarm a on a.run_id = l.run_id and a.measure = l.measure
     where s.settlement_id = ${settlementId}
     order by l.measure collate "C"`.execute(store.db)
  const ofModels = rows.flatMap((row) =>
    codesOf(row).map((code) => ({ code, measure: row.measure, modelId: row.model_id, sentence: sentences[code](row) })),
  )
  return [...ofModels, ...(await uncertainPrices(store, settlementId))]
}

/** Prices in QALY by a rate that is remembered weakly or was not found. */
async function uncertainPrices(store: Pick<Store, 'db'>, settlementId: string): Promise<Obstacle[]> {
  const { rows } = await sql<{ measure: string; certainty: string; via: string }>`
    select o->>'measure' as measure, o->'exchange'->>'certainty' as certainty, o->'exchange'->>'via' as via
      from settlement s join run r using (run_id) join contract c using (contract_sha256),
           jsonb_array_elements(c.document->'outcomes') o
     where s.settlement_id = ${settlementId} and o->'exchange'->>'certainty' = any(${UNCERTAIN})
     order by 1`.execute(store.db)
  return rows.map(({ measure, certainty, via }) => ({
    code: 'exchange_not_known',
    measure,
    modelId: '',
    sentence: `What a unit of ${measure} is worth by way of ${via} is ${certainty}: nobody knows it well enough to pay by. Agree on a rate in the contract (price_eur: per_unit and interval).`,
  }))
}

const UNCERTAIN: readonly Certainty[] = ['GK-low', 'NF']

interface Standing {
  readonly measure: string
  readonly model_id: string
  readonly state: ModelState
  readonly learned_until: Day | null
  readonly starts: Day
  readonly alarmed: Day | null
  readonly kind: 'bias' | 'slope' | null
  /** the model was not made payable after the alarm */
  readonly unseen: boolean
  readonly decided_by: string
  readonly prepared_by: string
}

/** Obstacles of a model. */
type Held = Exclude<ObstacleCode, 'exchange_not_known'>

function codesOf({ state, learned_until, starts, alarmed, unseen, decided_by, prepared_by }: Standing): Held[] {
  const codes: readonly [Held, boolean][] = [
    ['model_retired', state === 'retired'],
    ['model_not_validated', state === 'draft'],
    ['learned_too_late', learned_until === null ? state !== 'draft' : learned_until >= starts],
    ['drift_alarm', alarmed !== null && (unseen || state !== 'payable')],
    ['model_not_payable', state === 'validated'],
    ['payable_by_preparer', state === 'payable' && sameName(decided_by, prepared_by)],
  ]
  return codes.filter(([, holds]) => holds).map(([code]) => code)
}

const ofModel = ({ measure, model_id }: Standing): string => `The model of ${measure} (${model_id.slice(0, 12)})`

const sentences: Readonly<Record<Held, (row: Standing) => string>> = {
  model_retired: (row) => `${ofModel(row)} is retired; settle anew with one that is not.`,
  model_not_validated: (row) =>
    `${ofModel(row)} is a draft: its checks do not hold, so nobody can make it payable. Its card tells which; a longer reference or more patients may help.`,
  learned_too_late: (row) =>
    `${ofModel(row)} learned from data up to ${row.learned_until ?? 'an unknown day'}; they have to end before the contract period begins on ${row.starts}.`,
  drift_alarm: (row) =>
    `Among the controls the expectations of ${row.measure} have drifted (${row.kind}, ${row.alarmed?.slice(0, 7)}). Look at the card; who then holds the model good makes it payable, once more if it was before.`,
  model_not_payable: (row) => `${ofModel(row)} is validated, but nobody has made it payable (winst models --approve).`,
  payable_by_preparer: (row) =>
    `${ofModel(row)} was made payable by who prepared this settlement; somebody else has to.`,
}
