/** `winst settle` and `winst train`: on what is imported already. */
import { stat } from 'node:fs/promises'
import { appendContract } from '../../../data/region/contracts.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { readRunModels } from '../../../data/runs/models.ts'
import { builtInProgrammes, datasetProgrammes } from '../../../data/region/programme-files.ts'
import { programmesWith, regionProgrammes } from '../../../data/region/region-programmes.ts'
import { latestDelivery, readRegions, regionAsked, regionOf } from '../../../data/region/regions.ts'
import { readContractFile, type ContractFile } from '../../../data/region/contract-file.ts'
import { programmesOf } from '../../../engine/contract/programme-rules.ts'
import type { Day } from '../../../engine/kernel/calendar.ts'
import type { Config } from '../../../jobs/config.ts'
import type { Verb } from '../verb.ts'
import { runOrderOf } from '../../views/run-order.ts'
import type { Terminal } from '../terminal.ts'
import { preparerAtHand } from './act.ts'
import { printSettlement } from './print-settlement.ts'
import { runLocally, withStore, type StageSeconds } from './local-services.ts'
import { writeResults } from './write-results.ts'

export interface SettleOptions {
  readonly contract: string
  readonly region?: string
  readonly asOf?: Day
  readonly workers?: number
  readonly out?: string
}

export interface Ran {
  /** the run, and its settlement if it was settled */
  readonly runId: string
  readonly seconds: StageSeconds
}

/** Reads the contract by the region's own programmes, stores it, and runs the flow on it, prepared by the owner of the token in WINST_TOKEN. */
export async function runFlow(
  store: Store,
  config: Config,
  flow: 'settle' | 'train',
  options: SettleOptions,
  terminal: Terminal,
): Promise<Ran> {
  const preparedBy = await preparerAtHand(store)
  const stored = await handIn(store, options)
  const { region, asOf, workers } = options
  const order = await runOrderOf(store, { contract: stored, flow, region, asOf, preparedBy })
  const { result, seconds } = await runLocally(store, config, order, { terminal, workers })
  return { runId: String(result), seconds }
}

/** Refuses a contract that cannot be read, or breaks a rule, before a dataset is imported for it: by the programmes that the region will
 *  have then.
 *  @throws Refusal as reading a contract does */
export async function refuseContractBeforehand(
  store: Store,
  { contract: path, data, region: name }: { readonly contract: string; readonly data: string; readonly region: string },
): Promise<void> {
  const isFolder = (await stat(data).catch(() => null))?.isDirectory() ?? false
  const own = isFolder ? await datasetProgrammes(data) : []
  const region = (await readRegions(store)).find((each) => each.name === name)
  const programmes = region
    ? await programmesWith(store.pool, region.regionId, own)
    : programmesOf(await builtInProgrammes(), own)
  await readContractFile(path, programmes)
}

async function handIn(store: Store, { contract: path, region, asOf }: SettleOptions): Promise<ContractFile> {
  const regions = region === undefined ? await readRegions(store) : [await regionOf(store, region)]
  const [only] = regions
  const programmes = only
    ? await regionProgrammes(store.pool, only.regionId, asOf ?? (await latestDelivery(store, only)))
    : new Map()
  const file = await readContractFile(path, programmes)
  const { regionId } = only ?? (await regionAsked(store, region))
  await appendContract(store, regionId, file)
  return file
}

export const settle: Verb<SettleOptions> = (options, { terminal }) =>
  withStore(async (store, config) => {
    const { runId } = await runFlow(store, config, 'settle', options, terminal)
    if (options.out !== undefined) await writeResults(store, runId, options.out)
    return await printSettlement(store, runId, options.out, terminal)
  })

export const train: Verb<SettleOptions> = (options, { terminal }) =>
  withStore(async (store, config) => {
    const { runId } = await runFlow(store, config, 'train', options, terminal)
    const models = (await readRunModels(store, runId)).map(({ measure, modelId, card }) => ({ measure, modelId, card }))
    for (const { measure, modelId } of models) terminal.line(`${measure}: model ${modelId}`)
    return { models }
  })
