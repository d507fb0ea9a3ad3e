/** What changed between two settlements of one contract, from the frozen inputs of their runs: panels, models, contracts. */
import type { Contract } from '../../engine/contract/contract.ts'
import { modelNameOf, modelsAskedOf } from '../../engine/contract/term.ts'
import { canonicalJson } from '../../engine/kernel/canonical.ts'
import { differenceOf, reversedOf, type Difference, type Ruled } from '../../engine/explain/difference.ts'
import { sameAttribution, sameValues } from '../../engine/panel/panel-mix.ts'
import { SHARDS } from '../../engine/panel/panel.ts'
import { invariant, Refusal } from '../../engine/kernel/refusal.ts'
import type { Settlement } from '../../engine/settlement/statement.ts'
import { ENGINE_VERSION } from '../../engine/contract/version.ts'
import { readContract } from '../../data/region/contracts.ts'
import { hasPanels, orderedSettlements, ruledBetween } from '../../data/settlements/differences.ts'
import { enrolledPartnerIds } from '../../data/region/enrolled-partners.ts'
import { readRunModels } from '../../data/runs/models.ts'
import { readQuality } from '../../data/region/quality.ts'
import { readRun } from '../../data/runs/runs.ts'
import { wholeSettlement, type StoredSettlement } from '../../data/settlements/settlements.ts'
import { readPanel, takeSnapshot } from '../../data/snapshot/snapshot.ts'
import { counterfactualSettlement } from './counterfactual-settlement.ts'
import { betterOf, programmeOfContract, type RunContext, type Tools } from './run-context.ts'
import type { SettlementSources } from './settlement-input.ts'
import type { FrozenModel } from '../threads/tasks.ts'

/** A settlement with all inputs of its run. */
interface End extends RunContext {
  readonly settlement: Settlement
  readonly models: readonly FrozenModel[]
}

/** The difference from one settlement to another; the steps run from the earlier (of as_of, then of posting) to the later whichever is asked
 *  first, so that the opposite direction is the same with every sign changed.
 *  @throws Refusal `not_comparable` (of two contracts or regions), `not_reproduced` (the store no longer holds the inputs of a run) */
export async function differenceBetween(
  tools: Tools,
  { from, to }: { readonly from: string; readonly to: string },
  signal?: AbortSignal,
): Promise<Difference> {
  const { earlier, later, turned } = await orderedSettlements(tools.store, from, to)
  const ruled = await ruledBetween(tools.store, earlier, later)
  const ends = [await endOf(tools, earlier), await endOf(tools, later)] as const
  const difference = await alongPath(tools, ends, ruled, signal)
  return turned ? reversedOf(difference) : difference
}

async function alongPath(
  tools: Tools,
  [a, b]: readonly [End, End],
  ruled: readonly Ruled[],
  signal?: AbortSignal,
): Promise<Difference> {
  const changed = { ...(await dataChanges(tools, a, b)), ...modelChanges(a, b) }
  // each state: which inputs are the later settlement's by now
  const order = ['values', 'attribution', 'model', 'contract'] as const
  const states = Array.from({ length: order.length + 1 }, (_, steps) =>
    order.filter((input, at) => at < steps && changed[input]),
  )
  const all = order.filter((input) => changed[input])
  const sameEngine = [a, b].every(({ run }) => run.engineVersion === ENGINE_VERSION)
  const settled = new Map<string, Settlement>()
  // what was settled by this engine need not be settled again
  if (sameEngine) settled.set(all.join(), b.settlement).set('', a.settlement)
  const path: Settlement[] = []
  for (const state of states) {
    const known =
      settled.get(state.join()) ??
      (await counterfactualSettlement(tools, sourcesOf(state, changed.ownModels, a, b), signal))
    settled.set(state.join(), known)
    path.push(known)
  }
  const difference = differenceOf(a.settlement, b.settlement, path, ruled)
  const unexplained = difference.partners.find(({ causes }) => sameEngine && causes.engine_version !== 0)
  if (unexplained)
    throw new Refusal(
      'not_reproduced',
      `The inputs of ${a.run.runId} and ${b.run.runId} are the same but ${unexplained.partner_id} is paid differently: something was delivered afterwards under an earlier day.`,
    )
  return difference
}

function sourcesOf(later: readonly string[], ownModels: ReadonlySet<string>, a: End, b: End): SettlementSources {
  const pick = (input: string): End => (later.includes(input) ? b : a)
  const contract = pick('contract').contract
  const models = modelsAskedOf(contract).map(({ name }) => {
    // a model that only the later contract needs is replaced with the contract, any other in the step of models
    const end = ownModels.has(name) ? pick('contract') : pick('model')
    const model = modelIn(end, name) ?? modelIn(a, name) ?? modelIn(b, name)
    invariant(model, `a model ${name} is frozen`)
    return model
  })
  return { values: pick('values'), attribution: pick('attribution'), models, contract }
}

const modelIn = ({ models }: End, name: string): FrozenModel | undefined =>
  models.find(({ measure, yearsElapsed }) => modelNameOf(measure, yearsElapsed) === name)

/** The models, by name, whose specification differs between the contracts, and whether other models differ. */
function modelChanges(a: End, b: End) {
  const names = [...new Set([a, b].flatMap(({ contract }) => modelsAskedOf(contract).map(({ name }) => name)))]
  const ownModels = new Set(names.filter((name) => askedOf(a.contract, name) !== askedOf(b.contract, name)))
  const idOf = (end: End, name: string) => modelIn(end, name)?.modelId
  return {
    ownModels,
    model: names.some((name) => !ownModels.has(name) && idOf(a, name) !== idOf(b, name)),
    contract: canonicalJson(a.contract) !== canonicalJson(b.contract),
  }
}

/** The specification of a model in a contract. */
function askedOf(contract: Contract, name: string): string {
  const outcome = modelsAskedOf(contract).find((each) => each.name === name)?.outcome
  return canonicalJson([contract.reference, outcome?.horizonDays ?? null, outcome?.windowDays ?? null])
}

/** Whether values and attribution differ, as far as they affect a payment. */
async function dataChanges({ store }: Tools, a: End, b: End) {
  if (a.run.datasetSha256 === b.run.datasetSha256) return { values: false, attribution: false }
  const quality = await Promise.all([a, b].map(({ run }) => readQuality(store, run.regionId, run.asOf)))
  let values =
    JSON.stringify(quality[0]) !== JSON.stringify(quality[1]) || canonicalJson(a.better) !== canonicalJson(b.better)
  let attribution = JSON.stringify(a.enrolled) !== JSON.stringify(b.enrolled)
  for (let shard = 0; shard < SHARDS && !(values && attribution); shard++) {
    const [one, other] = await Promise.all(
      [a, b].map(({ run, programme }) => readPanel(store, { ...run, programme: programme.programme, shard })),
    )
    values ||= !sameValues(one!, other!)
    attribution ||= !sameAttribution(one!, other!)
  }
  return { values, attribution }
}

async function endOf({ store }: Tools, stored: StoredSettlement): Promise<End> {
  const run = await readRun(store, stored.runId)
  const { contract } = await readContract(store, run.contractSha256)
  const programme = await programmeOfContract(store, run.regionId, run.asOf, contract)
  if (!(await hasPanels(store, run, programme.programme))) {
    const { datasetSha256 } = await takeSnapshot(store, { ...run, programme })
    if (datasetSha256 !== run.datasetSha256)
      throw new Refusal(
        'not_reproduced',
        `The data that settlement ${stored.settlementId} rested on are no longer in the store as they were: something was delivered afterwards under an earlier day.`,
      )
  }
  return {
    run,
    contract,
    programme,
    better: betterOf(contract, programme),
    enrolled: await enrolledPartnerIds(store, run.regionId, run.asOf, contract.programme),
    settlement: await wholeSettlement(store, stored.settlementId),
    models: await readRunModels(store, run.runId),
  }
}
