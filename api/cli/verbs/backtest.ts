/** `winst backtest`: out-of-fold expectations at every landmark, from a dataset. */

import { join } from 'node:path'
import { dayOf } from '../../../engine/kernel/calendar.ts'
import { SHARDS } from '../../../engine/panel/panel.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { makePrivateDirectory, writePrivateFile } from '../../../data/files/private-file.ts'
import { readFolds } from '../../../data/files/folds.ts'
import { regionProgrammes } from '../../../data/region/region-programmes.ts'
import { readPanelBytes, takeSnapshot } from '../../../data/snapshot/snapshot.ts'
import { tenthText, verdictOf, verdictText } from '../../../models/evaluation/tenths.ts'
import type * as tasks from '../../../jobs/threads/backtest-task.ts'
import { openThreads } from '../../../jobs/threads/threads.ts'
import { seed } from '../../../jobs/stages/seed.ts'
import type { Verb } from '../verb.ts'
import { importAsAsked } from './import.ts'
import { withStore } from './local-services.ts'

export interface BacktestOptions {
  readonly data: string
  readonly programme: string
  readonly measure: string
  readonly folds?: string
  readonly horizonDays: number
  readonly windowDays: number
  readonly maxRejects?: number
  readonly out: string
}

const header = 'patient_id,landmark_on,target_on,measure,fold,mean,sd,q05,q10,q25,q50,q75,q90,q95,realised,model_id'

export const backtestVerb: Verb<BacktestOptions> = (options, { terminal }) =>
  withStore(async (store) => {
    const folds = options.folds === undefined ? null : await readFolds(options.folds)
    await makePrivateDirectory(options.out)
    const { regionId, deliveredOn: asOf } = await importAsAsked(store, options, options.out, terminal)
    const programme = (await regionProgrammes(store.pool, regionId, asOf)).get(options.programme)
    const measure = programme?.measures.find(({ key }) => key === options.measure)
    if (!programme || !measure)
      throw unknown(
        options,
        programme?.measures.map(({ key }) => key),
      )
    const { datasetSha256 } = await takeSnapshot(store, { regionId, asOf, programme })
    const panels: Uint8Array[] = []
    for (let shard = 0; shard < SHARDS; shard++)
      panels.push(await readPanelBytes(store, { regionId, datasetSha256, programme: programme.programme, shard }))
    const { measure: key, horizonDays, windowDays } = options
    const { plausible, step } = measure
    const spec = { measure: key, horizonDays, windowDays, plausible, ...(step === undefined ? {} : { step }) }
    terminal.progress.note(`Training on ${options.data}, ${key} ${horizonDays} days ahead.`)
    const threads = openThreads<typeof tasks>({
      tasks: new URL('../../../jobs/threads/backtest-task.ts', import.meta.url),
      threads: 1,
    })
    try {
      const { rows, modelId, card, tenths } = await threads.run('backtested', { panels, spec, folds, seed })
      const six = (value: number) => value.toFixed(6)
      await writePrivateFile(join(options.out, 'backtest.csv'), async (to) => {
        to.write(`${header}\n`)
        for (const row of rows)
          to.write(
            `${[
              quoted(row.patientId),
              dayOf(row.landmarkOn),
              dayOf(row.targetOn),
              key,
              row.fold,
              six(row.mean),
              six(row.sd),
              ...row.quantiles.map(six),
              row.realised === null ? '' : six(row.realised),
              modelId,
            ].join(',')}\n`,
          )
      })
      await writePrivateFile(join(options.out, 'model-card.json'), async (to) =>
        to.write(`${JSON.stringify({ [key]: card }, null, 2)}\n`),
      )
      terminal.line(`${rows.length} landmarks; backtest.csv and model-card.json are in ${options.out}.`)
      terminal.line('Cover of the 90% interval by tenth of the expectation, with 95% by patients:')
      tenths.forEach((tenth, at) => terminal.line(`  ${at + 1}/10  ${tenthText(tenth)}`))
      const verdict = verdictOf(tenths)
      terminal.line(verdictText(verdict))
      return { landmarks: rows.length, model_id: modelId, blend: card.blend, tenths, cover: verdict, out: options.out }
    } finally {
      await threads.close()
    }
  })

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

function unknown({ programme, measure }: BacktestOptions, measures: readonly string[] | undefined): Refusal {
  return measures === undefined
    ? new Refusal('unknown_programme', `There is no programme "${programme}", built in or in the dataset.`)
    : new Refusal(
        'unknown_measure',
        `Programme ${programme} has no measure "${measure}"; it has ${measures.join(', ')}.`,
      )
}
