/** The documents that a region delivers beside its programmes, its own constants and precedence, kept with their delivery. */
import type { ClientBase, Pool } from 'pg'
import { constantsIn, constantsOf } from '../../engine/constants/constant-rules.ts'
import type { Constants } from '../../engine/constants/constant.ts'
import { type Precedence, precedenceOf } from '../../engine/inclusion/precedence.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import { datasetPrecedence, loadPrecedence } from '../region/programme-files.ts'
import { builtInConstants, datasetConstants } from './constant-files.ts'

export interface RegionDocument {
  readonly kind: 'constants' | 'precedence'
  /** the file's name */
  readonly name: string
  readonly document: unknown
}

/** The documents of a dataset, checked.
 *  @throws Refusal `invalid_yaml`, `invalid_constants`, `invalid_programme`, naming the file */
export async function datasetDocuments(dataset: string): Promise<readonly RegionDocument[]> {
  const constants = await datasetConstants(dataset)
  const precedence = await datasetPrecedence(dataset)
  return [
    ...constants.map(({ name, document }) => ({ kind: 'constants' as const, name, document })),
    ...(precedence === null ? [] : [{ kind: 'precedence' as const, name: 'precedence.yaml', document: precedence }]),
  ]
}

/** Remembers what a dataset says, where it differs from what is known. */
export async function appendDocuments(
  client: ClientBase,
  regionId: number,
  deliveryId: number,
  documents: readonly RegionDocument[],
): Promise<void> {
  for (const { kind, name, document } of documents) {
    const json = JSON.stringify(document)
    const known = await documentsOf(client, regionId, 'infinity', kind)
    if (known.get(name) === json) continue
    await client.query(
      'insert into region_document (region_id, delivery_id, kind, name, document) values ($1, $2, $3, $4, $5)',
      [regionId, deliveryId, kind, name, json],
    )
  }
}

/** The constants of a region as known on a day: the built-in ones with its own over them. */
export async function regionConstants(client: ClientBase | Pool, regionId: number, asOf: Day): Promise<Constants> {
  const own = await documentsOf(client, regionId, asOf, 'constants')
  return constantsOf(
    await builtInConstants(),
    [...own.values()].flatMap((json) => constantsIn(JSON.parse(json))),
  )
}

/** The precedence of programmes in a region as known on a day: its own, or the built-in one. */
export async function regionPrecedence(
  client: ClientBase | Pool,
  regionId: number,
  asOf: Day,
): Promise<readonly Precedence[]> {
  const [own] = (await documentsOf(client, regionId, asOf, 'precedence')).values()
  return own === undefined ? await loadPrecedence() : precedenceOf(JSON.parse(own))
}

/** By name, as JSON: the latest delivery of each counts. */
async function documentsOf(
  client: ClientBase | Pool,
  regionId: number,
  asOf: Day | 'infinity',
  kind: RegionDocument['kind'],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ name: string; json: string }>(
    `select distinct on (name) name, document::text as json
       from region_document join delivery using (delivery_id, region_id)
      where region_id = $1 and delivered_on <= $2 and kind = $3
      order by name, delivered_on desc, delivery_id desc`,
    [regionId, asOf, kind],
  )
  return new Map(rows.map(({ name, json }) => [name, json]))
}
