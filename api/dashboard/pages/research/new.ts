/** A new question: about one contract, with its analysis plan, before any answer is seen. */
import type { FastifyInstance } from 'fastify'
import { parse } from 'yaml'
import { BASE_DIMENSIONS, FINE_DIMENSIONS, RESEARCH_DIMENSIONS } from '../../../../engine/research/dimensions.ts'
import { markup, type Html } from '../../../report/elements/html.ts'
import type { Lang } from '../../../report/words/format.ts'
import { ApiProblem, type Ask } from '../../ask.ts'
import { defineForm, definePage } from '../../define.ts'
import { checkOf, fieldOf, formOf } from '../../elements/form.ts'
import { notice } from '../../elements/notice.ts'
import { saidOf } from '../../errors.ts'
import type { View } from '../../frame.ts'
import { researchWords } from '../../words/research.ts'

const FIELDS = [
  'contract',
  'title',
  'hypothesis',
  'outcome',
  'groups',
  'analysis',
  'measure',
  'fine',
  ...BASE_DIMENSIONS,
] as const
type Filled = Readonly<Partial<Record<(typeof FIELDS)[number], string>>>

export async function researchNew(app: FastifyInstance): Promise<void> {
  definePage(app, '/research/new', ['contract'], async ({ ask, lang, query }) =>
    query.contract === undefined ? await chooseContract(ask, lang) : await questionForm(ask, lang, query),
  )
  defineForm(app, '/research/new', FIELDS, async ({ ask, lang, fields, key }) => {
    const { contract, title, hypothesis, outcome, groups, analysis, measure, fine } = fields
    const chosen: readonly string[] = [...BASE_DIMENSIONS.filter((name) => fields[name] !== ''), fine]
    const by = RESEARCH_DIMENSIONS.filter((name) => chosen.includes(name))
    const measures = measure === '' ? {} : { measures: [measure] }
    try {
      const { question_id: id } = await ask.post('/v1/questions', {
        body: { contract, title, hypothesis, outcome, groups, analysis, by, ...measures },
        key,
      })
      return { to: `/research/${id}` }
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.problem.status === 401) throw error
      return { ...(await questionForm(ask, lang, fields, saidOf(error.problem, lang))), status: 422 }
    }
  })
}

const around = (lang: Lang): Pick<View, 'title' | 'place' | 'path'> => ({
  title: researchWords[lang].newQuestion,
  place: 'research',
  path: [{ title: researchWords[lang].title, href: '/research' }],
})

/** The latest text of each contract: terms do not change what may be asked. */
async function chooseContract(ask: Ask, lang: Lang): Promise<View> {
  const words = researchWords[lang]
  const items = await ask.all('/v1/contracts', {})
  const contracts = [...new Map(items.map(({ contract, title }) => [contract, title]))]
  const [only, ...others] = contracts
  if (only && others.length === 0) return await questionForm(ask, lang, { contract: only[0] })
  const options = contracts.map(([id, title]) => [id, `${title} (${id})`] as const)
  return {
    ...around(lang),
    body: only
      ? markup`<form method="get" action="/research/new" class="narrow-form">
${fieldOf({ name: 'contract', label: words.chooseContract, options })}
<button>${words.choose}</button></form>`
      : notice('empty', words.noContract),
  }
}

/** @param filled what was typed before, given back */
async function questionForm(ask: Ask, lang: Lang, filled: Filled, fault: Html | null = null): Promise<View> {
  const words = researchWords[lang]
  const contract = await ask.get('/v1/contracts/{contract}', { path: { contract: filled.contract ?? '' } })
  const { measures } = await ask.get('/v1/programmes/{programme}', { path: { programme: contract.programme } })
  const { outcomes = [] } = (parse(contract.yaml) ?? {}) as {
    readonly outcomes?: readonly { readonly measure: string }[]
  }
  const options = outcomes.map(({ measure }) => {
    const known = measures.find((each) => each.measure === measure)
    return [measure, known ? `${known.title[lang]} (${measure})` : measure] as const
  })
  const told = (name: 'title' | 'hypothesis' | 'outcome' | 'groups' | 'analysis', label: string, hint?: string) =>
    fieldOf({
      name,
      label,
      value: filled[name] ?? '',
      required: true,
      ...(name === 'title' ? {} : { rows: 2 }),
      ...(hint === undefined ? {} : { hint }),
    })
  return {
    ...around(lang),
    body: markup`<p>${words.newLead}</p>
${fault}
<div class="card"><h2>${contract.title}</h2>
${formOf({
  id: 'question',
  action: '/research/new',
  button: words.register,
  fields: markup`<input type="hidden" name="contract" value="${contract.contract}">
${told('title', words.name)}
${told('hypothesis', words.hypothesis, words.hypothesisHint)}
${told('outcome', words.outcome, words.outcomeHint)}
${told('groups', words.groups)}
${told('analysis', words.analysis, words.analysisHint)}
${fieldOf({ name: 'measure', label: words.measure, value: filled.measure ?? '', options: [['', words.allMeasures], ...options] })}
<fieldset><legend>${words.by}</legend>
${BASE_DIMENSIONS.map((name) => checkOf({ name, label: words.dimensions[name] ?? name, isChecked: Boolean(filled[name]) }))}
</fieldset>
${fieldOf({
  name: 'fine',
  label: words.fine,
  value: filled.fine ?? '',
  hint: words.byHint,
  options: [['', words.nothing], ...FINE_DIMENSIONS.map((name) => [name, words.dimensions[name] ?? name] as const)],
})}`,
})}</div>`,
  }
}
