/** A worker process that runs tasks of the suite one after the other. */
import { TASKS } from './tasks.ts'
import type { Scale } from './simulation/scale.ts'

const done = async (task: number, scale: Scale): Promise<void> =>
  void process.send!({ task, result: await TASKS[task]!.run(scale) })

// What a task throws ends the process, and with it the run.
process.on('message', ({ task, scale }: { task: number; scale: Scale }) => void done(task, scale))
process.on('disconnect', () => process.exit(0))
