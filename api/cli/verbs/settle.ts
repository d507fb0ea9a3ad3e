/** `winst settle` and `winst train`: on what is imported already. */
import { stat } from 'node:fs/promises'
import { appendContract } from '../../../data/region/contracts.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { readRunModels } from '../../../data/runs/models.ts'
import { builtInProgrammes, datasetProgrammes } from '../../../data/region/programme-files.ts'
import { programmesWith, regionProgrammes } from '../../../data/region/region-programmes.ts'
import { latestDelivery, readRegions, regionAsked, regionOf } from '../../../data/region/regions.ts'
import { readContractFile, yearsOfContract, type ContractFile } from '../../../data/region/contract-file.ts'
import { modelNameOf } from '../../../engine/contract/term.ts'
import { programmesOf } from '../../../engine/contract/programme-rules.ts'
import type { Contract } from '../../../engine/contract/contract.ts'
import type { Day } from '../../../engine/kernel/calendar.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
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
  const [own] = (await handIn(store, options)).filter(({ isOwn }) => isOwn)
  return await runContract(store, config, flow, { ...options, contract: own!.file }, terminal)
}

/** The same of a contract that was read. */
async function runContract(
  store: Store,
  config: Config,
  flow: 'settle' | 'train',
  { contract, region, asOf, workers }: Omit<SettleOptions, 'contract'> & { readonly contract: ContractFile },
  terminal: Terminal,
): Promise<Ran> {
  const preparedBy = await preparerAtHand(store)
  const { regionId } = await regionAsked(store, region)
  await appendContract(store, regionId, contract)
  const order = await runOrderOf(store, { contract, flow, region, asOf, preparedBy })
  const { result, seconds } = await runLocally(store, config, order, { terminal, workers })
  return { runId: String(result), seconds }
}

/** A year of a term that was settled. */
export interface SettledYear extends Ran {
  readonly period: Contract['period']
  /** the period that the contract's file names */
  readonly isOwn: boolean
}

/** Settles the years of a contract's term in turn, up to the last of which anything is known; without a term its one period. A year that is
 *  released already is left as it is; the period that the file names is refused as it would be alone. */
export async function settleYears(
  store: Store,
  config: Config,
  options: SettleOptions,
  terminal: Terminal,
): Promise<SettledYear[]> {
  const settled: SettledYear[] = []
  for (const { file, isOwn } of await handIn(store, options)) {
    const { period } = file.contract
    try {
      const ran = await runContract(store, config, 'settle', { ...options, contract: file }, terminal)
      settled.push({ ...ran, period, isOwn })
    } catch (error) {
      if (isOwn || !(error instanceof Refusal) || !leftOut.includes(error.code)) throw error
      terminal.progress.note(`${period.start} to ${period.end} is not settled: ${error.message}`)
    }
  }
  return settled
}

/** Why another year of the term than the one asked for may stay unsettled. */
const leftOut: readonly string[] = ['period_without_data', 'nobody_enrolled', 'released_before']

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

/** The contract of a file, for each year of its term; the one of the period that the file names is its own. */
async function handIn(
  store: Store,
  { contract: path, region, asOf }: SettleOptions,
): Promise<{ readonly file: ContractFile; readonly isOwn: boolean }[]> {
  const regions = region === undefined ? await readRegions(store) : [await regionOf(store, region)]
  const [only] = regions
  const programmes = only
    ? await regionProgrammes(store.pool, only.regionId, asOf ?? (await latestDelivery(store, only)))
    : new Map()
  const file = await readContractFile(path, programmes)
  return yearsOfContract(file, programmes).map((year) => ({
    file: year,
    isOwn: year.contractSha256 === file.contractSha256,
  }))
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
    const models = (await readRunModels(store, runId)).map(({ measure, yearsElapsed, modelId, card }) => ({
      measure: modelNameOf(measure, yearsElapsed),
      modelId,
      card,
    }))
    for (const { measure, modelId } of models) terminal.line(`${measure}: model ${modelId}`)
    return { models }
  })
