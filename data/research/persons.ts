/** The persons of a run's contract year as research breaks them down: SQL that both the cells and the comparison of two runs begin with. */
import type { Contract } from '../../engine/contract/contract.ts'
import type { Programme } from '../../engine/contract/programme.ts'
import type { Transaction } from '../postgres/transaction.ts'
import { AGE_BAND } from '../runs/cells.ts'
import type { Run } from '../runs/runs.ts'

/** Sums over all persons of a run are hash joins in one pass: nothing is known of the size of what a function gives. */
export async function inOnePass({ client }: Pick<Transaction, 'client'>): Promise<void> {
  await client.query(`set local enable_nestloop = off; set local enable_mergejoin = off; set local work_mem = '256MB'`)
}

/** What tells the persons of a run apart. */
export interface ResearchRun {
  readonly run: Run
  readonly contract: Contract
  readonly programme: Pick<Programme, 'conditions' | 'measures'>
}

/** Parameters of `personsOf`, in their order. */
export const personParameters = ({ run, contract, programme }: ResearchRun): readonly unknown[] => [
  run.runKey,
  run.runId,
  run.regionId,
  run.asOf,
  contract.control,
  contract.period.start,
  Object.values(programme.conditions)
    .flat()
    .map((code) => code.split('.')[0]),
]

/** One row per outcome and person, measured or missing: of a person with several index dates (a term, episodes) the first, so that ten rows are ten
 *  persons. A person's condition is the chapter of what is active on the first day of the period
 *  beside the programme's own: `none`, one chapter, or `several`; a person stands in one place of a table.
 *  @param first number of the first of seven parameters (`personParameters`) */
export function personsOf(first: number): string {
  const $ = (parameter: number): string => `$${first + parameter}`
  return `select e.measure_id, e.patient_key, research_code(${$(2)}, p.partner_id) as partner,
      date_part('year', e.index_on)::int::text as year, coalesce(left(s.postcode4, 2), 'unknown') as postcode_area,
      coalesce(d.condition, 'none') as condition,
      case when p.partner_id = any (${$(4)}::text[]) then 'control' else 'contract' end as cohort,
      ${AGE_BAND} as age, e.sex,
      h.status = 'measured' as is_measured, e.mean, h.realised, e.expected_value, h.realised_value, h.gain, g.contribution
    from expectation e
    join realisation h using (run_key, measure_id, years_before, patient_key, index_no)
    join run_partner p on p.run_id = ${$(1)} and p.partner_no = e.partner_no
    left join gain g using (run_key, measure_id, years_before, patient_key, index_no)
    left join patient_state_known(${$(2)}, ${$(3)}::date) s on s.patient_key = e.patient_key
    left join (
      select patient_key, case when count(distinct chapter) = 1 then min(chapter) else 'several' end as condition
        from (
          select c.patient_key, case c.code_system when 'SNOMED' then 'SNOMED' else c.code_system || ' ' || left(c.code, 1) end as chapter
            from condition_episode_known(${$(2)}, ${$(3)}::date) c
           where c.onset_on <= ${$(5)}::date and (c.resolved_on is null or c.resolved_on > ${$(5)}::date)
             and split_part(c.code, '.', 1) <> all (${$(6)}::text[])) active
       group by patient_key) d on d.patient_key = e.patient_key
   where e.run_key = ${$(0)} and e.years_before = 0 and e.index_no = 1 and h.status in ('measured', 'missing')`
}

/** A person stands once in the tables of each fine dimension. */
export const FINE_PLACES = `(values ('partner', partner), ('year', year), ('postcode_area', postcode_area), ('condition', condition))`
