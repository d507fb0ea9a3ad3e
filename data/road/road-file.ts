/** A road in a file, and the contract that it ends in. */
import { stringify } from 'yaml'
import type { Programme } from '../../engine/contract/programme.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { refuseOpen } from '../../engine/road/blocks.ts'
import { roadOf } from '../../engine/road/road-rules.ts'
import type { Road } from '../../engine/road/road.ts'
import { readText } from '../files/text-file.ts'
import { contractFileOf, inFile } from '../region/contract-file.ts'
import { yamlDocument } from '../yaml/yaml-document.ts'

/** @throws Refusal `invalid_yaml` or `invalid_road`, naming the file, and those of reading a text */
export async function readRoad(file: string): Promise<Road> {
  const document = yamlDocument(await readText(file), file)
  return inFile(file, () => roadOf(document))
}

/** The YAML of the contract of a road on which everything is agreed (interface.md 3), held to the rules of a contract.
 *  @throws Refusal `road_open`, `invalid_contract` */
export function contractTextOf(road: Road, programmes: ReadonlyMap<string, Programme>): string {
  refuseOpen(road)
  const yaml = `# ${road.title}: every party agreed to every subject of road ${road.road}.\n${stringify(road.contract)}`
  const { contract } = contractFileOf(yaml, `the contract of road ${road.road}`, programmes)
  if (contract.programme === road.programme) return yaml
  throw new Refusal(
    'invalid_road',
    `Road ${road.road} is about ${road.programme} and its contract about ${contract.programme}; they are of one programme.`,
    { road: road.road },
  )
}
