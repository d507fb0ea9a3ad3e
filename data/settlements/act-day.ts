/** The day of an act, by the clock of the database: no caller names one. */
import { sql } from 'kysely'
import type { Day } from '../../engine/kernel/calendar.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import type { Store } from '../postgres/database.ts'

/** Today in Europe/Amsterdam; the triggers of the tables of acts refuse a day that is still to come. */
export async function actDay({ db }: Pick<Store, 'db'>): Promise<Day> {
  const { rows } = await sql<{ day: Day }>`select act_day() as day`.execute(db)
  invariant(rows[0], 'a database knows what day it is')
  return rows[0].day
}
