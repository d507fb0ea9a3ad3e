/** One model of an outcome, from the training rows of all shards: families are fitted in parallel, then frozen under a content hash, before
 *  any expectation is computed. */
import { modelsAskedOf } from '../../engine/contract/term.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import { FIT_GROUPS } from '../../models/ensemble/fit-groups.ts'
import type { Trained } from '../../models/ensemble/training.ts'
import { findingOf } from '../../models/evaluation/validation.ts'
import { appendModel, linkModel } from '../../data/runs/models.ts'
import { registerModel } from '../../data/settlements/model-registry.ts'
import { dropTrainingShards, isDone, once, readTrainingShards } from '../../data/runs/runs.ts'
import { seed } from './seed.ts'
import { TrainedBefore, type Training } from './trained-before.ts'
import { preparerOf } from '../queue/run-job.ts'
import type { Handler } from '../queue/worker.ts'
import { contextOf, type Tools } from '../assessment/run-context.ts'

export const train = (tools: Tools): Handler => {
  const { store, threads } = tools
  const before = new TrainedBefore()
  const trained = (training: Training, signal: AbortSignal | undefined): Promise<Trained> =>
    before.trained(training, async () => {
      const groups = await Promise.all(
        FIT_GROUPS.map((_, group) => threads.run('fit', { ...training, group }, { signal })),
      )
      const fitted = groups.flatMap((group) => group.fitted)
      const costs = groups.map(({ cost }) => cost)
      return await threads.run('freeze', { ...training, fitted, costs }, { signal })
    })
  return async (job, signal) => {
    const { run, contract, programme } = await contextOf(tools, job)
    const marker = { runId: run.runId, stage: job.stage, part: job.part }
    if (await isDone(store, marker)) return run.runId
    const asked = modelsAskedOf(contract).find(({ name }) => name === job.part)
    const found = programme.measures.find(({ key }) => key === asked?.outcome.measure)
    invariant(asked && found, `${job.part} is a model of the contract, of a measure of the programme`)
    const { name, yearsElapsed } = asked
    const { measure, horizonDays, windowDays } = asked.outcome
    const shards = await readTrainingShards(store, run.runId, name)
    const { plausible, step } = found
    const spec = { measure, horizonDays, windowDays, plausible, ...(step === undefined ? {} : { step }) }
    const { bytes, modelId, card } = await trained({ shards, spec, seed }, signal)
    return await once(store, marker, async (transaction) => {
      await appendModel(transaction, { modelId, measure, programme: programme.programme, bytes, card })
      const judged = { modelId, learnedUntil: contract.reference.end, holds: card.validation.holds }
      const finding = findingOf(card.validation)
      await registerModel(transaction, { ...judged, finding }, { by: preparerOf(job.run), on: run.asOf })
      await linkModel(transaction, run.runId, measure, modelId, yearsElapsed)
      await dropTrainingShards(transaction, run.runId, name)
      return run.runId
    })
  }
}
