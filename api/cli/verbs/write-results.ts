/** What the main job writes (interface.md 5): every file complete, or not there. */

import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { makePrivateDirectory, writePrivateFile } from '../../../data/files/private-file.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { readDrift } from '../../../data/runs/drift.ts'
import { readRunModels } from '../../../data/runs/models.ts'
import { writeExpectations, writeLedger, writePlacebo } from '../../../data/settlements/outputs.ts'
import { decisionsOn } from '../../../data/settlements/model-registry.ts'
import { readRun } from '../../../data/runs/runs.ts'
import { documentOf } from '../../../data/settlements/settlements.ts'
import { noteLook } from '../looks.ts'
import { keepDifferenceFromBefore } from './difference.ts'
import { SMALLEST_GROUP } from '../../../engine/disclosure/small-groups.ts'
import { modelNameOf } from '../../../engine/contract/term.ts'
import { reportOf } from '../../report/report.ts'
import { reportInputOf } from '../../report/report-input.ts'
import { readSettlementRecord } from '../../views/settlement-view.ts'

/** Writes the files of a settlement to a directory.
 *  @returns their names */
export async function writeResults(store: Store, settlementId: string, out: string): Promise<string[]> {
  await makePrivateDirectory(out)
  await keepDifferenceFromBefore(store, settlementId)
  const run = await readRun(store, settlementId)
  const { regionId } = run
  const object = { settlement: settlementId }
  await noteLook(store, { command: 'winst: the files of a settlement', regionId, object, patients: 'everybody' })
  const document = await documentOf(store, settlementId)
  const files: Readonly<Record<string, (to: Writable) => Promise<unknown>>> = {
    'expectations.csv': (to) => writeExpectations(store, run, to),
    'placebo.csv': (to) => writePlacebo(store, run, to),
    'settlement.json': async (to) => to.write(document),
    'ledger.csv': (to) => writeLedger(store, settlementId, to),
    'report.html': async (to) => to.write(await settledReport(store, settlementId)),
    'model-card.json': async (to) => to.write(`${JSON.stringify(await cardsOf(store, settlementId), null, 2)}\n`),
  }
  // The two large ones are read over connections of their own, one while the other is written.
  await Promise.all(Object.entries(files).map(([name, write]) => writePrivateFile(join(out, name), write)))
  return Object.keys(files)
}

/** model-card.json: of every model the card as training wrote it, what was decided since, and calibration month by month after training. */
async function cardsOf(store: Store, settlementId: string): Promise<Record<string, unknown>> {
  const drift = await readDrift(store, settlementId)
  const cards: Record<string, unknown> = {}
  for (const { measure, yearsElapsed, modelId, card } of await readRunModels(store, settlementId)) {
    const decisions = await decisionsOn(store, modelId)
    const { months = [], alarm = null } = drift.find((each) => each.measure === measure) ?? {}
    const disclosed = months.filter(({ measured }) => measured >= SMALLEST_GROUP)
    cards[modelNameOf(measure, yearsElapsed)] = {
      ...(card as object),
      state: decisions[0]?.state,
      decisions,
      drift: { alarm, months: disclosed },
    }
  }
  return cards
}

// Whoever runs the command sees all that the store holds.
const operator = { role: 'analyst', subject: '' } as const

const settledReport = async (store: Store, settlementId: string): Promise<string> =>
  reportOf(await reportInputOf(store, await readSettlementRecord(store, operator, settlementId)))
