/** A region, what it delivered last, and its partners. */
import type { ClientBase, Pool } from 'pg'
import type { Day } from '../../engine/kernel/calendar.ts'
import type { PanelPartner } from '../../engine/panel/panel.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Store } from '../postgres/database.ts'
import { byCodeUnits } from '../columns/text-order.ts'

export interface Region {
  readonly regionId: number
  readonly name: string
}

/** The region of that name.
 *  @throws Refusal `unknown_region`, naming those that are there */
export async function regionOf(store: Pick<Store, 'db'>, name: string): Promise<Region> {
  const regions = await readRegions(store)
  const region = regions.find((each) => each.name === name)
  if (region) return region
  const there =
    regions.length === 0 ? 'none is imported yet' : `imported are ${regions.map((each) => each.name).join(', ')}`
  throw new Refusal('unknown_region', `There is no region "${name}": ${there}; import its data first.`, {
    region: name,
  })
}

/** The region that is named, or the only one there is.
 *  @throws Refusal `unknown_region`, `region_not_named` */
export async function regionAsked(store: Pick<Store, 'db'>, name: string | undefined): Promise<Region> {
  if (name !== undefined) return await regionOf(store, name)
  const regions = await readRegions(store)
  const [only, ...others] = regions
  if (only && others.length === 0) return only
  if (!only) throw new Refusal('unknown_region', 'No region is imported yet; import its data first.')
  const names = regions.map((region) => region.name).join(', ')
  throw new Refusal('region_not_named', `Imported are ${names}: name the region that is meant.`, { regions: names })
}

/** The region of that name, made if it is not there: before a region delivers, its administrator has a key. */
export async function regionMade(store: Pick<Store, 'db'>, name: string): Promise<Region> {
  await store.db
    .insertInto('region')
    .values({ name })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return await regionOf(store, name)
}

/** Every region, by name. */
export async function readRegions(store: Pick<Store, 'db'>): Promise<Region[]> {
  const rows = await store.db.selectFrom('region').select(['region_id', 'name']).execute()
  return rows.map(({ region_id, name }) => ({ regionId: region_id, name })).sort((a, b) => byCodeUnits(a.name, b.name))
}

/** How many patients a region has had, whenever. */
export async function countPatients(store: Pick<Store, 'db'>, regionId: number): Promise<number> {
  const { patients } = await store.db
    .selectFrom('patient')
    .select(({ fn }) => fn.countAll<number>().as('patients'))
    .where('region_id', '=', regionId)
    .executeTakeFirstOrThrow()
  return patients
}

/** The day of a region's latest delivery: the default of `--as-of`.
 *  @throws Refusal `nothing_delivered` */
export async function latestDelivery(store: Pick<Store, 'db'>, region: Region): Promise<Day> {
  const { latest } = await store.db
    .selectFrom('delivery')
    .select(({ fn }) => fn.max('delivered_on').as('latest'))
    .where('region_id', '=', region.regionId)
    .executeTakeFirstOrThrow()
  if (latest) return latest
  throw new Refusal('nothing_delivered', `Region "${region.name}" has delivered nothing yet; import its data first.`, {
    region: region.name,
  })
}

/** The partners of a region as known on a day, ascending by partner_id (code units). */
export async function readPartners(
  client: ClientBase | Pool,
  regionId: number,
  asOf: Day,
): Promise<(PanelPartner & { readonly name: string })[]> {
  const { rows } = await client.query<{ partnerId: string; name: string; kind: string; memberOf: string | null }>(
    `select partner_id as "partnerId", kind, member_of as "memberOf", name from partner_known($1, $2)`,
    [regionId, asOf],
  )
  return rows.sort((a, b) => byCodeUnits(a.partnerId, b.partnerId))
}
