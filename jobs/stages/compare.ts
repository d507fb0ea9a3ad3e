/** The difference between two settlements, computed once and stored. */
import { appendDifference, readDifference } from '../../data/settlements/differences.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import { differenceBetween } from '../assessment/difference.ts'
import type { Handler } from '../queue/worker.ts'
import type { Tools } from '../assessment/run-context.ts'

export const compare =
  (tools: Tools): Handler =>
  async ({ run: { compares } }, signal) => {
    invariant(compares, 'a difference is between two settlements')
    const { from, to } = compares
    if ((await readDifference(tools.store, from, to)) === null)
      await appendDifference(tools.store, await differenceBetween(tools, compares, signal))
    return to
  }
