/** A backtest, in a thread. */
import { panelOf } from '../../data/columns/panel-bytes.ts'
import { backtest, type Backtest } from '../../models/ensemble/backtest.ts'
import type { ExpectationSpec } from '../../models/estimator.ts'

export function backtested(task: {
  readonly panels: readonly Uint8Array[]
  readonly spec: Omit<ExpectationSpec, 'folds'>
  readonly folds: ReadonlyMap<string, number> | null
  readonly seed: number
}): Promise<Backtest> {
  return backtest(task.panels.map(panelOf), task.spec, task.folds, task.seed, () => performance.now())
}
