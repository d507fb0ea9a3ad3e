/** The suite in parts that can run in any process and in any order: what each gives is the same wherever it ran. */
import type { Row } from './simulation/figure.ts'
import type { Scale } from './simulation/scale.ts'
import { STUDIES } from './studies.ts'
import { REGIMES, regimeFiguresOf, type RegimeFigures } from './studies/regimes.ts'

export interface TaskResult {
  readonly rows: readonly Row[]
  /** of a regime, for what is judged over all of them */
  readonly figures: RegimeFigures | null
}

export const TASKS: readonly { readonly name: string; readonly run: (scale: Scale) => Promise<TaskResult> }[] = [
  ...REGIMES.map((regime, at) => ({
    name: `regime ${at}`,
    run: async (scale: Scale): Promise<TaskResult> => {
      const figures = regimeFiguresOf(regime, scale)
      return { rows: figures.rows, figures }
    },
  })),
  ...STUDIES.map(({ name, rows }) => ({
    name,
    run: async (scale: Scale): Promise<TaskResult> => ({ rows: await rows(scale), figures: null }),
  })),
]
