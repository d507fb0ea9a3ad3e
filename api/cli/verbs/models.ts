/** `winst models`: lists the model registry with states and checks; a named person makes a model payable, or retires it. */
import {
  listModels,
  decideOnModel,
  type ModelState,
  type RegisteredModel,
} from '../../../data/settlements/model-registry.ts'
import type { Day } from '../../../engine/kernel/calendar.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import type { Verb } from '../verb.ts'
import { reportCardOf } from '../../report/elements/card.ts'
import type { Terminal } from '../terminal.ts'
import { withStore } from './local-services.ts'

export interface ModelsOptions {
  readonly approve?: string
  readonly retire?: string
  readonly by?: string
  readonly on?: Day
  readonly because?: string
}

export const modelsVerb: Verb<ModelsOptions> = (options, { terminal }) =>
  withStore(async (store) => {
    const decision = decisionIn(options)
    const before = await listModels(store)
    if (decision) {
      const { named, ...rest } = decision
      await decideOnModel(store, modelNamed(before, named), rest)
    }
    const models = decision ? await listModels(store) : before
    if (models.length === 0) terminal.line('There are no models yet; winst train and winst run make them.')
    for (const model of models) say(model, terminal)
    return { models }
  })

interface Decision {
  /** the model's id, or the beginning of it */
  readonly named: string
  readonly state: ModelState
  readonly by: string
  readonly on: Day
  readonly reason: string
}

function decisionIn({ approve, retire, by, on, because }: ModelsOptions): Decision | null {
  const named = approve ?? retire
  if (named === undefined) return null
  if (approve !== undefined && retire !== undefined)
    throw new Refusal('usage', 'A model is approved or retired, not both; ask once for each.')
  if (!by?.trim() || on === undefined)
    throw new Refusal('usage', 'A decision has a name and a day: --by NAME --on YYYY-MM-DD.')
  const state = approve === undefined ? 'retired' : 'payable'
  return { named, state, by, on, reason: because ?? (state === 'payable' ? 'approved' : 'retired') }
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
