/** The content of a store: row counts and checksums per table. */
import type { Store } from '../../data/postgres/database.ts'

/** Tables by name, each with its number of rows and the sum of the rows' hashes. */
export type Facts = ReadonlyMap<string, string>

export async function factsIn({ pool }: Pick<Store, 'pool'>): Promise<Facts> {
  const tables = await pool.query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public' order by 1`,
  )
  const { rows } = await pool.query<{ name: string; checksum: string }>(
    tables.rows
      .map(
        ({ name }) =>
          `select '${name}' as name, count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) as checksum from ${name} t`,
      )
      .join(' union all '),
  )
  return new Map(rows.map(({ name, checksum }) => [name, checksum]))
}

/** Names of the tables that differ. */
export const changedBetween = (before: Facts, after: Facts): string[] =>
  [...after].filter(([name, checksum]) => before.get(name) !== checksum).map(([name]) => name)
