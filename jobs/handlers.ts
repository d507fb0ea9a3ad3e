/** The handler of each stage, which does one of its parts. */
import { compare } from './stages/compare.ts'
import { expect } from './stages/expect.ts'
import { importDelivery, type Intake } from './stages/import.ts'
import { preview } from './stages/preview.ts'
import { realise } from './stages/realise.ts'
import { settle } from './stages/settle.ts'
import { snapshot } from './stages/snapshot.ts'
import { train } from './stages/train.ts'
import { window } from './stages/window.ts'
import type { Tools } from './assessment/run-context.ts'
import type { Handlers } from './queue/worker.ts'

/** @param intake null: of a worker that imports nothing */
export const handlersOf = (tools: Tools, intake: Intake | null = null): Handlers => ({
  snapshot: snapshot(tools),
  window: window(tools),
  train: train(tools),
  expect: expect(tools),
  realise: realise(tools),
  settle: settle(tools),
  preview: preview(tools),
  compare: compare(tools),
  import: importDelivery(tools, intake),
})
