/** Figures of a run for one insurer: of its own insured only, summed on request, suppressed like all others. */
import { cellsOf, dimensionsOf, type Cell, type Dimension, type FiguresOrder, type GroupSums } from './aggregates.ts'
import { AGE_BAND } from './cells.ts'
import { Kept } from './kept.ts'
import type { Store } from '../postgres/database.ts'

const COLUMN_OF: Readonly<Record<Dimension, string>> = {
  partner: 'p.partner_id',
  measure: 'k.key',
  year: `extract(year from e.index_on)::int::text`,
  age_band: `coalesce(nullif(${AGE_BAND}, -1)::text, 'unknown')`,
  sex: 'e.sex::text',
}

export interface InsurerFiguresOrder extends FiguresOrder {
  readonly insurer: string
}

/** The groups asked for, over the insured of one insurer. */
export async function readInsurerFigures(
  store: Pick<Store, 'pool'>,
  order: InsurerFiguresOrder,
  readSums = sumsOfInsured,
): Promise<Cell[]> {
  const dimensions = dimensionsOf(order)
  return cellsOf(await readSums(store, order, dimensions), dimensions, order)
}

async function sumsOfInsured(
  store: Pick<Store, 'pool'>,
  { run, yearsBefore, insurer }: InsurerFiguresOrder,
  dimensions: readonly Dimension[],
): Promise<readonly GroupSums[]> {
  const { rows } = await store.pool.query<GroupSums>(
    `select place, count(*)::int as eligible, (count(*) filter (where status = 'measured'))::int as measured,
        (count(*) filter (where index_no = 1))::int as persons,
        (count(*) filter (where index_no = 1 and status = 'measured'))::int as "personsMeasured",
        coalesce(sum(expected_value) filter (where status = 'measured'), 0) as expected,
        coalesce(sum(realised_value), 0) as realised, coalesce(sum(gain), 0) as gain,
        count(contribution)::int as contributions, coalesce(sum(contribution), 0) as contribution
       from (
         select array[${dimensions.map((dimension) => COLUMN_OF[dimension]).join(', ')}] as place,
           e.index_no, h.status, e.expected_value, h.realised_value, h.gain, a.contribution
           from expectation e
           join run r using (run_key)
           join run_insurer i on i.run_id = r.run_id and i.insurer_no = e.insurer_no
           join run_partner p on p.run_id = r.run_id and p.partner_no = e.partner_no
           join measure_key k using (measure_id)
           join realisation h using (run_key, measure_id, years_before, patient_key, index_no)
           left join gain a using (run_key, measure_id, years_before, patient_key, index_no)
          where e.run_key = $1 and e.years_before = $2 and i.insurer = $3 and h.status in ('measured', 'missing')
          order by e.measure_id, e.patient_key, e.index_no) own
      group by place`,
    [run.runKey, yearsBefore, insurer],
  )
  return rows
}

/** So many rows of sums are kept, the ones read first go first. */
const MOST_ROWS = 20_000

/** Reads the same, and keeps the sums: they take a pass over the insured, and of a run that is settled they never change. Only for such runs. */
export function keptInsurerFigures(): (store: Pick<Store, 'pool'>, order: InsurerFiguresOrder) => Promise<Cell[]> {
  const kept = new Kept<readonly GroupSums[]>(MOST_ROWS, ({ length }) => length)
  const sums: typeof sumsOfInsured = (store, order, dimensions) =>
    kept.find(JSON.stringify([order.run.runId, order.yearsBefore, order.insurer, dimensions]), () =>
      sumsOfInsured(store, order, dimensions),
    )
  return (store, order) => readInsurerFigures(store, order, sums)
}
