/** The programmes of a region: built-in ones, overridden by the definitions in its deliveries. */
import type { ClientBase, Pool } from 'pg'
import type { Day } from '../../engine/kernel/calendar.ts'
import { programmeOf, programmesOf } from '../../engine/contract/programme-rules.ts'
import type { Programme } from '../../engine/contract/programme.ts'
import { builtInProgrammes } from './programme-files.ts'
import type { ProgrammeFile } from './programme-files.ts'

/** By programme key, as known on a day. @throws Refusal `invalid_programme` if two deliveries contradict each other */
export async function regionProgrammes(
  client: ClientBase | Pool,
  regionId: number,
  asOf: Day,
): Promise<ReadonlyMap<string, Programme>> {
  return programmesOf(await builtInProgrammes(), await definitionsOf(client, regionId, asOf))
}

/** The same with the definitions of a dataset that is being imported: they replace earlier ones of the same programme. */
export async function programmesWith(
  client: ClientBase | Pool,
  regionId: number,
  own: readonly ProgrammeFile[],
): Promise<ReadonlyMap<string, Programme>> {
  const names = new Set(own.map(({ programme }) => programme.programme))
  const earlier = await definitionsOf(client, regionId, 'infinity')
  return programmesOf(await builtInProgrammes(), [
    ...earlier.filter(({ programme }) => !names.has(programme.programme)),
    ...own,
  ])
}

/** Remembers what a dataset defines, where it differs from what is known. */
export async function appendDefinitions(
  client: ClientBase,
  regionId: number,
  deliveryId: number,
  own: readonly ProgrammeFile[],
): Promise<void> {
  const earlier = new Map(
    (await definitionsOf(client, regionId, 'infinity')).map((each) => [each.programme.programme, each.json]),
  )
  for (const { programme, document } of own) {
    const json = JSON.stringify(document)
    if (earlier.get(programme.programme) === json) continue
    await client.query(
      'insert into programme_definition (region_id, delivery_id, programme, definition) values ($1, $2, $3, $4)',
      [regionId, deliveryId, programme.programme, json],
    )
  }
}

export async function definitionsOf(client: ClientBase | Pool, regionId: number, asOf: Day | 'infinity') {
  const { rows } = await client.query<{ programme: string; json: string }>(
    `select distinct on (programme) programme, definition::text as json
     from programme_definition join delivery using (delivery_id, region_id)
     where region_id = $1 and delivered_on <= $2
     order by programme, delivered_on desc, delivery_id desc`,
    [regionId, asOf],
  )
  return rows.map(({ programme, json }) => ({
    file: `the region's definition of ${programme}`,
    programme: programmeOf(JSON.parse(json)),
    json,
  }))
}
