/** `winst models`: lists the model registry with states and checks; an analyst, or the operator, makes a model payable, or retires it. */
import {
  listModels,
  decideOnModel,
  type ModelState,
  type RegisteredModel,
} from '../../../data/settlements/model-registry.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import type { Verb } from '../verb.ts'
import { reportCardOf } from '../../report/elements/card.ts'
import { signatureOf } from '../../views/signature.ts'
import type { Store } from '../../../data/postgres/database.ts'
import type { Terminal } from '../terminal.ts'
import { holderOf, operator, refuseOtherRoles, signed } from './holder.ts'
import { withStore } from './local-services.ts'

export interface ModelsOptions {
  readonly approve?: string
  readonly retire?: string
  readonly because?: string
}

export const modelsVerb: Verb<ModelsOptions> = (options, { terminal }) =>
  withStore(async (store) => {
    const decision = decisionIn(options)
    const before = await listModels(store)
    if (decision) {
      const { named, ...rest } = decision
      await decide(store, modelNamed(before, named), rest)
    }
    const models = decision ? await listModels(store) : before
    if (models.length === 0) terminal.line('There are no models yet; winst train and winst run make them.')
    for (const model of models) say(model, terminal)
    return { models }
  })

/** In the name of the token, or without one in that of the operator, who needs the database's own login. */
async function decide(
  store: Store,
  modelId: string,
  decision: { readonly state: ModelState; readonly reason: string },
): Promise<void> {
  if (!process.env.WINST_TOKEN) return await decideOnModel(store, modelId, { ...decision, by: operator() })
  const owner = await holderOf(store)
  refuseOtherRoles(owner, ['analyst'], 'decide on a model')
  await signed(store, (own) => decideOnModel(own, modelId, { ...decision, by: signatureOf(owner) }))
}

interface Decision {
  /** the model's id, or the beginning of it */
  readonly named: string
  readonly state: ModelState
  readonly reason: string
}

function decisionIn({ approve, retire, because }: ModelsOptions): Decision | null {
  const named = approve ?? retire
  if (named === undefined) return null
  if (approve !== undefined && retire !== undefined)
    throw new Refusal('usage', 'A model is approved or retired, not both; ask once for each.')
  const state = approve === undefined ? 'retired' : 'payable'
  return { named, state, reason: because ?? (state === 'payable' ? 'approved' : 'retired') }
}

/** The one model whose id begins so. */
function modelNamed(models: readonly RegisteredModel[], named: string): string {
  const found = models.filter(({ modelId }) => modelId.startsWith(named))
  const [only] = found
  if (only && found.length === 1) return only.modelId
  throw new Refusal(
    'unknown_model',
    found.length === 0
      ? `No model's id begins with "${named}"; winst models lists those there are.`
      : `${found.length} models' ids begin with "${named}"; write more of it.`,
    { named },
  )
}

function say({ modelId, programme, measure, state, card }: RegisteredModel, { line }: Terminal): void {
  line(`${modelId}  ${programme} ${measure}: ${state}`)
  for (const { check, verdict, finding } of reportCardOf(card).validation?.checks ?? [])
    line(`  ${check}: ${verdict.replaceAll('_', ' ')} (${finding})`)
}
