/** The ledger by account: owed, paid and open, to each reader its own; and the payments that were made. */
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../../../../engine/kernel/refusal.ts'
import { markup } from '../../../report/elements/html.ts'
import type { Format } from '../../../report/words/format.ts'
import type { AnswerOf } from '../../ask.ts'
import { defineFile, definePage } from '../../define.ts'
import { sheetTable } from '../../elements/table.ts'
import { column, totalOf, type Sheet, type Values } from '../../files/sheet.ts'
import { tableFile } from '../../files/table-file.ts'
import { ledgerWords } from '../../words/money/ledger.ts'

type Account = AnswerOf<'/v1/ledger', 'get'>['accounts'][number]
type Payment = AnswerOf<'/v1/payments', 'get'>['items'][number]

/** Payments of one page. */
const PAGE = 100

export async function ledger(app: FastifyInstance): Promise<void> {
  definePage(app, '/ledger', ['cursor'], async ({ ask, format, query }) => {
    const words = ledgerWords[format.lang]
    const [book, { items, next }] = await Promise.all([
      ask.get('/v1/ledger', { query: {} }),
      ask.get('/v1/payments', { query: { limit: PAGE, ...(query.cursor ? { cursor: query.cursor } : {}) } }),
    ])
    const isWhole = next === null && !query.cursor
    return {
      title: words.title,
      place: 'settlements',
      body: markup`<p>${words.lead}</p>
<h2>${words.accounts}</h2>
${sheetTable(accountsSheet(book.accounts, format), format, { empty: words.empty, files: filesOf('accounts') })}
<h2 id="payments">${words.payments}</h2>
${sheetTable(paymentsSheet(items, isWhole ? words.total : words.totalOfPage, format), format, {
  cell: (row, i, text) => {
    const id = items[row]?.settlement_id ?? null
    return i === 2 && id !== null ? markup`<a href="/settlements/${id}">${text}</a>` : text
  },
  empty: words.noPayments,
  files: filesOf('payments'),
})}
${isWhole ? null : markup`<p class="files">${words.filesWhole}</p>`}
${next === null ? null : markup`<p class="files"><a href="/ledger?cursor=${encodeURIComponent(next)}#payments">${words.older}</a></p>`}
${book.head ? markup`<p class="soft">${words.head} ${format.count(book.head.seq)}: <code>${book.head.hash}</code><br>${words.headWhy}</p>` : null}`,
    }
  })
  defineFile(app, '/ledger/tables/:table/:kind', [], async ({ ask, format, params }) => {
    const { table, kind } = params
    const file = { kind, name: table.slice(0, 20), lang: format.lang }
    if (table === 'accounts')
      return await tableFile(accountsSheet((await ask.get('/v1/ledger', { query: {} })).accounts, format), file)
    if (table === 'payments')
      return await tableFile(
        paymentsSheet(await ask.all('/v1/payments', {}), ledgerWords[format.lang].total, format),
        file,
      )
    throw new Refusal('not_found', `The ledger has no table ${JSON.stringify(table.slice(0, 40))}.`)
  })
}

const filesOf = (table: string) => ({ csv: `/ledger/tables/${table}/csv`, xlsx: `/ledger/tables/${table}/xlsx` })

function accountsSheet(accounts: readonly Account[], format: Format): Sheet {
  const words = ledgerWords[format.lang]
  const rows = accounts.map((each): Values => [
    `${words.kinds[each.account] ?? each.account} ${each.party}`.trim(),
    each.contract,
    each.expected_cents,
    each.owed_cents,
    each.paid_cents,
    each.open_cents,
  ])
  return {
    caption: words.accountsCaption,
    columns: [
      column(words.account),
      column(words.contract),
      ...[words.expected, words.owed, words.paid, words.open].map((head) => column(head, 'cents')),
    ],
    rows,
    total: [words.total, '', ...[2, 3, 4, 5].map((at) => totalOf(rows, at))],
  }
}

function paymentsSheet(payments: readonly Payment[], total: string, format: Format): Sheet {
  const words = ledgerWords[format.lang]
  const rows = payments.map((each): Values => [
    format.day(each.paid_on.slice(0, 10)),
    each.contract,
    each.settlement_id === null
      ? words.advance(each.advance_on ? format.day(each.advance_on) : '')
      : words.settlement(each.settlement_id.slice(0, 12)),
    each.paid_by,
    each.cents,
  ])
  return {
    caption: words.paymentsCaption,
    columns: [
      column(words.day),
      column(words.contract),
      column(words.what),
      column(words.by),
      column(words.amount, 'cents'),
    ],
    rows,
    total: [total, '', '', '', totalOf(rows, 4)],
  }
}
