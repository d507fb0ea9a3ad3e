/** Lists of patients: those of a partner in a settlement, by their effect, and those that the reader may see at all. */
import type { FastifyInstance } from 'fastify'
import { markup } from '../../../report/elements/html.ts'
import { RECEIPT_PAGE } from '../../../schemas/receipts/receipt.ts'
import { ApiProblem, type AnswerOf } from '../../ask.ts'
import { definePage } from '../../define.ts'
import { notice } from '../../elements/notice.ts'
import { sheetTable, tableOf, text } from '../../elements/table.ts'
import { partnerWords } from '../../words/partner.ts'
import { patientWords } from '../../words/patient.ts'
import { patientsSheet } from './sheets.ts'
import { settledFor, settlementPath } from '../settlement/settled.ts'

export async function patientLists(app: FastifyInstance): Promise<void> {
  definePage(app, '/settlements/:settlement/partners/:partner/patients', ['after'], async (asked) => {
    const { ask, params, query, format } = asked
    const { settlement, partner } = params
    const path = { settlement, partner }
    const { patients = [] } = await ask.get('/v1/settlements/{settlement}/partners/{partner}/receipt', {
      path,
      query: { limit: PAGE, ...(query.after ? { after: query.after } : {}) },
    })
    const { names } = await settledFor(asked, settlement)
    const words = patientWords[format.lang].list
    const at = settlementPath(settlement, 'partners', partner)
    const last = patients.at(-1)?.patient_id ?? ''
    const isFull = new Set(patients.map(({ patient_id }) => patient_id)).size === PAGE
    return {
      title: words.title(names.nameOf(partner)),
      place: 'settlements',
      path: [{ title: partnerWords[format.lang].page.title(names.nameOf(partner)), href: at }],
      body: markup`<p class="soft">${words.logged}</p>
${sheetTable(patientsSheet(patients, words.caption, names, format), format, {
  cell: (row, i, of) => (i === 0 ? markup`<a href="${at}/patients/${patients[row]?.patient_id ?? ''}">${of}</a>` : of),
  empty: words.empty,
  files: { csv: `${at}/tables/patients/csv`, xlsx: `${at}/tables/patients/xlsx` },
})}
${isFull ? markup`<p><a href="${at}/patients?after=${encodeURIComponent(last)}">${words.next}</a></p>` : null}`,
    }
  })

  definePage(app, '/patients', ['cursor'], async ({ ask, query, format }) => {
    const words = patientWords[format.lang].list
    const { items, next } = await ask
      .get('/v1/patients', { query: { limit: 100, ...(query.cursor ? { cursor: query.cursor } : {}) } })
      .catch(nothingDelivered)
    return {
      title: words.all,
      place: 'patients',
      body: markup`<p class="soft">${words.logged}</p>
${tableOf(
  {
    caption: words.listCaption,
    columns: [text(words.patient), text(words.born), text(words.sex), text(words.programmes)],
    rows: items.map((patient) => [
      markup`<a href="/patients/${patient.patient_id}">${patient.patient_id}</a>`,
      String(patient.birth_year),
      patient.sex,
      patient.enrolments.map((each) => `${each.programme} ${format.day(each.started_on)}`).join('; '),
    ]),
    empty: words.empty,
  },
  format.lang,
)}
${next ? markup`<p><a href="/patients?cursor=${next}">${words.next}</a></p>` : null}`,
    }
  })

  definePage(app, '/patients/:patient', [], async ({ ask, params, format }) => {
    const words = patientWords[format.lang]
    const patient = await ask.get('/v1/patients/{patient}', { path: { patient: params.patient } })
    const settlements = await ask.all('/v1/settlements', {})
    const links = settlements.flatMap(({ settlement_id: id, contract, as_of }) =>
      patient.counts_in
        .filter(({ settlement_id }) => settlement_id === id)
        .map(({ partner_id: partner }) => ({
          href: settlementPath(id, 'partners', partner, 'patients', params.patient),
          title: `${contract}, ${format.day(as_of)}: ${partner}`,
        })),
    )
    return {
      title: patientWords[format.lang].title(params.patient),
      place: 'patients',
      path: [{ title: words.list.all, href: '/patients' }],
      body: markup`<dl class="facts"><dt>${words.list.born}</dt><dd>${patient.birth_year}</dd><dt>${words.list.sex}</dt><dd>${patient.sex}</dd>
<dt>${words.list.programmes}</dt><dd>${patient.enrolments.map((each) => markup`<div>${each.programme}, ${each.partner_id}, ${format.day(each.started_on)}</div>`)}</dd></dl>
<h2>${words.list.inSettlements}</h2>
${links.length === 0 ? notice('empty', words.list.none) : markup`<ul>${links.map(({ href, title }) => markup`<li><a href="${href}">${title}</a></li>`)}</ul>`}
<p class="soft">${words.list.logged}</p>`,
    }
  })
}

/** Patients a page. */
const PAGE = Math.min(500, RECEIPT_PAGE)

type Patients = AnswerOf<'/v1/patients', 'get'>
function nothingDelivered(error: unknown): Patients {
  if (error instanceof ApiProblem && error.problem.code === 'nothing_delivered') return { items: [], next: null }
  throw error
}
