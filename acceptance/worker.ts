/** A process that runs one task of the suite after the other, as it is told. */
import { TASKS } from './tasks.ts'
import type { Scale } from './simulation/scale.ts'

process.on('message', ({ task, scale }: { task: number; scale: Scale }) => {
  process.send!({ task, result: TASKS[task]!.run(scale) })
})
process.on('disconnect', () => process.exit(0))
