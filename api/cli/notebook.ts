/** What a notebook or a script imports (docs/notebooks.md): the tables of a settlement as danfojs frames, by the rights of the token in
 *  WINST_TOKEN; without one, of whoever runs it and so sees all that the store holds. */
import type { DataFrame } from 'danfojs-node'
import { assessmentFrame } from '../../data/frames/assessment-frame.ts'
import { descriptionOf, frameOf } from '../../data/frames/frame.ts'
import { openStore, type Store } from '../../data/postgres/database.ts'
import type { Reader } from '../../data/access/keys.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { configOf } from '../../jobs/config.ts'
import { settlementFor } from '../views/role-view.ts'
import { readSettlementRecord } from '../views/settlement-view.ts'
import { tableOf, type Table } from '../views/settlement-tables.ts'
import { noteLook } from './looks.ts'
import { holderOf } from './verbs/holder.ts'

export interface Notebook {
  /** One table of a settlement, as the reader may see it.
   *  @throws Refusal `not_found`, `not_installed` */
  readonly frame: (settlementId: string, table: Table) => Promise<DataFrame>
  /** A row per patient, as in expectations.csv; for analysts.  @param yearsBefore 0: the contract year; 1 to 3: placebo years
   *  @throws Refusal `not_found`, `not_allowed`, `too_many_rows`, `not_installed` */
  readonly assessments: (
    settlementId: string,
    of: { readonly measure: string; readonly yearsBefore?: number },
  ) => Promise<DataFrame>
  /** Count, mean, standard deviation, least, median and most of every numeric column, over the values that are there. */
  readonly describe: (frame: DataFrame) => Promise<DataFrame>
  readonly close: () => Promise<void>
}

/** Opens the store that the environment names, as every verb does. Close it, or the script does not end.
 *  @throws Refusal `not_authenticated`, and those of a store that does not open */
export async function openNotebook(): Promise<Notebook> {
  const { databaseUrl, home } = configOf(process.env)
  const store = await openStore({ databaseUrl, home })
  try {
    return notebookOf(store, await readerAtHand(store))
  } catch (error) {
    await store.close()
    throw error
  }
}

export function notebookOf(store: Store, reader: Reader): Notebook {
  return {
    async frame(settlementId, table) {
      const view = settlementFor(reader, await readSettlementRecord(store, reader, settlementId))
      return await frameOf(tableOf(view, table))
    },
    async assessments(settlementId, of) {
      const { run } = await readSettlementRecord(store, reader, settlementId)
      if (reader.role === 'analyst') {
        const object = { settlement: settlementId, measure: of.measure }
        await noteLook(store, { command: 'notebook', regionId: run.regionId, object, patients: 'everybody' })
        return await assessmentFrame(store, run.runId, of)
      }
      throw new Refusal(
        'not_allowed',
        `Rows of persons are for analysts, and this token is of the role ${reader.role}.`,
      )
    },
    describe: descriptionOf,
    close: () => store.close(),
  }
}

/** Who reads: the holder of the token in WINST_TOKEN; without one, whoever runs the command.
 *  @throws Refusal `not_authenticated` */
export const readerAtHand = async (store: Store): Promise<Reader> =>
  process.env.WINST_TOKEN ? await holderOf(store) : { role: 'analyst', subject: '' }
