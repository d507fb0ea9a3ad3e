/** The indicators once more, as SQL over raw rows: written from the YAML alone, and sharing no code with the engine. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

type Node = Readonly<Record<string, unknown>>

const root = join(import.meta.dirname, '../..')
const yamlOf = (path: string): Node => parse(readFileSync(join(root, path), 'utf8')) as Node

const list = (values: unknown): string => (values as readonly string[]).map((each) => `'${each}'`).join(', ')
const held = (from: string, until: string, last: string): string =>
  `${from} <= date '${last}' and (${until} is null or ${until} > date '${last}')`

/** One statement a programme: partner, indicator, version and the four counts, practices and care groups. */
export function indicatorSqlOf(programme: string, year: number): string {
  const last = `${year}-12-31`
  const { indicators } = yamlOf(`data/indicators/${programme}.yaml`) as { indicators: readonly Node[] }
  const inclusion = yamlOf(`data/programmes/${programme}.yaml`)['inclusion'] as Node | undefined
  const coded = ((inclusion?.['any'] ?? []) as readonly Node[]).map((each) => criteriaSql(each, last))
  const holding = indicators.filter(
    (each) => String(each['valid_from']) <= last && ((each['valid_to'] as string | undefined) ?? '9999-12-31') >= last,
  )
  const base = `
    with alive as (
      select s.patient_key, s.birth_year,
             coalesce((select partner_id from enrolment e where e.patient_key = s.patient_key and e.programme = '${programme}'
                          and ${held('started_on', 'ended_on', last)}),
                      (select partner_id from enrolment e where e.patient_key = s.patient_key
                          and ${held('started_on', 'ended_on', last)} order by programme collate "C", started_on limit 1)) as practice
        from patient_state s where s.died_on is null or s.died_on > date '${last}'),
    p as (select *, (${coded.length === 0 ? 'true' : coded.join(' or ')}) as coded,
             (select e.started_on from enrolment e where e.patient_key = a.patient_key and e.programme = '${programme}'
                 and coalesce(e.main_practitioner, 'gp') = 'gp' and ${held('started_on', 'ended_on', last)}) as since
            from alive a where practice is not null),
    unit as (select p.*, practice as partner_id from p
             union all select p.*, r.member_of from p join partner r on r.partner_id = p.practice where r.member_of is not null)`
  return holding
    .map((indicator) => {
      const inside = {
        registered: 'true',
        coded: 'coded',
        enrolled: 'coded and since is not null',
        whole_year: `coded and since <= date '${year}-01-01'`,
      }[String(indicator['population'])]
      const out = ((indicator['exclusions'] ?? []) as readonly Node[]).map(({ when }) =>
        questionSql(when as Node, programme, year),
      )
      const excluded = out.length === 0 ? 'false' : `coalesce(${out.join(' or ')}, false)`
      return `${base}, a as (select partner_id, ${excluded} as excluded, ${questionSql(indicator['numerator'] as Node, programme, year)} as answer
                from unit p where ${inside})
        select partner_id, '${String(indicator['id'])}' as indicator, '${String(indicator['version'])}' as version,
               count(*) filter (where not excluded and answer is not null)::int as denominator,
               count(*) filter (where not excluded and answer)::int as numerator,
               count(*) filter (where excluded)::int as excluded,
               count(*) filter (where not excluded and answer is null)::int as unknown
          from a group by partner_id`
    })
    .map((each) => `(${each})`)
    .join(' union all ')
}

function criteriaSql(criteria: Node, last: string): string {
  const parts = Object.entries((criteria['codes'] ?? {}) as Record<string, readonly string[]>).map(
    ([
      system,
      codes,
    ]) => `exists (select from condition_episode c where c.patient_key = a.patient_key and c.code_system = '${system}'
       and regexp_replace(c.code, '\\.00$', '') in (${list(codes)}) and ${held('c.onset_on', 'c.resolved_on', last)})`,
  )
  const codes = parts.length === 0 ? 'true' : `(${parts.join(' or ')})`
  const atc = criteria['atc'] as readonly string[] | undefined
  const medicine =
    atc === undefined
      ? 'true'
      : `exists (select from medication m where m.patient_key = a.patient_key and m.started_on <= date '${last}'
           and (m.ended_on is null or m.ended_on > date '${last}' - 365) and m.atc ~ '^(${atc.join('|')})')`
  const value = criteria['last_value']
  if (value !== undefined) throw new Error('no built-in programme asks for a value; write the SQL of it here')
  return `(${codes} and ${medicine})`
}

/** First day of so many months that end with the year. */
const from = (months: unknown, year: number): string =>
  `(date '${year + 1}-01-01' - interval '${Number(months ?? 12)} months')::date`

function questionSql(question: Node, programme: string, year: number): string {
  const last = `${year}-12-31`
  const within = `observed_on between ${from(question['months'], year)} and date '${last}'`
  const of = (measures: string): string =>
    `from observation o join measure_key k using (measure_id) where o.patient_key = p.patient_key and k.key in (${measures}) and ${within}`
  const enrolled = `from enrolment e where e.patient_key = p.patient_key and e.programme = '${programme}' and ${held('e.started_on', 'e.ended_on', last)}`
  if ('enrolled' in question) return `exists (select ${enrolled})`
  if ('main_practitioner' in question)
    return `coalesce((select e.main_practitioner ${enrolled}) in (${list(question['main_practitioner'])}), false)`
  if ('measured' in question) return `exists (select ${of(list(question['measured']))})`
  if ('medication' in question)
    return `exists (select from medication m where m.patient_key = p.patient_key and m.started_on <= date '${last}'
      and (m.ended_on is null or m.ended_on > ${from(question['months'], year)})
      and m.atc ~ '^(${(question['medication'] as readonly string[]).join('|')})')`
  if ('age' in question) {
    const { from: least = 0, to: most = 999 } = question['age'] as { from?: number; to?: number }
    return `(${year} - p.birth_year between ${least} and ${most})`
  }
  if ('last' in question) {
    const measure = `'${String(question['last'])}'`
    const arms = (question['bands'] as readonly Node[]).map((band) => {
      const bounds = [
        'at_least' in band ? `v >= ${String(band['at_least'])}` : 'true',
        'at_most' in band ? `v <= ${String(band['at_most'])}` : 'true',
        'above' in band ? `v > ${String(band['above'])}` : 'true',
      ].join(' and ')
      return `when ${'under' in band ? `${year} - p.birth_year < ${String(band['under'])}` : 'true'} then ${bounds}`
    })
    return `(select case when v is null then null ${arms.join(' ')} end
       from (select avg(o.value) as v ${of(measure)} and o.observed_on = (select max(o.observed_on) ${of(measure)})) z)`
  }
  const all = 'all' in question
  const parts = ((question['all'] ?? question['any']) as readonly Node[]).map((each) =>
    questionSql(each, programme, year),
  )
  if (!all) return `(${parts.join(' or ')})`
  return `case when ${parts.map((each) => `(${each}) is null`).join(' or ')} then null else ${parts.map((each) => `(${each})`).join(' and ')} end`
}
