/** A worker process that runs tasks of the suite one after the other. */
import { TASKS } from './tasks.ts'
import type { Scale } from './simulation/scale.ts'

process.on('message', async ({ task, scale }: { task: number; scale: Scale }) => {
  process.send!({ task, result: await TASKS[task]!.run(scale) })
})
process.on('disconnect', () => process.exit(0))
