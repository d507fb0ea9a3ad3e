/** The ledger by account: owed, paid and open, to each reader its own; and the payments that were made. */
import type { FastifyInstance } from 'fastify'
import { markup, type Html } from '../../../report/elements/html.ts'
import type { Format } from '../../../report/words/format.ts'
import type { AnswerOf } from '../../ask.ts'
import { definePage } from '../../define.ts'
import { numeric, tableOf, text } from '../../elements/table.ts'
import { ledgerWords } from '../../words/money/ledger.ts'

type Account = AnswerOf<'/v1/ledger', 'get'>['accounts'][number]
type Payment = AnswerOf<'/v1/payments', 'get'>['items'][number]

export async function ledger(app: FastifyInstance): Promise<void> {
  definePage(app, '/ledger', [], async ({ ask, format }) => {
    const words = ledgerWords[format.lang]
    const [book, payments] = await Promise.all([
      ask.get('/v1/ledger', { query: {} }),
      ask.get('/v1/payments', { query: { limit: 200 } }),
    ])
    return {
      title: words.title,
      place: 'settlements',
      body: markup`<p>${words.lead}</p>
<h2>${words.accounts}</h2>
${accountTable(book.accounts, format)}
<h2>${words.payments}</h2>
${paymentTable(payments.items, format)}
${book.head ? markup`<p class="soft">${words.head} ${format.count(book.head.seq)}: <code>${book.head.hash}</code><br>${words.headWhy}</p>` : null}`,
    }
  })
}

function accountTable(accounts: readonly Account[], format: Format): Html {
  const words = ledgerWords[format.lang]
  const sum = (of: 'expected_cents' | 'owed_cents' | 'paid_cents' | 'open_cents'): string =>
    format.cents(accounts.reduce((all, account) => all + account[of], 0))
  return tableOf(
    {
      caption: words.accountsCaption,
      columns: [
        text(words.account),
        text(words.contract),
        ...[words.expected, words.owed, words.paid, words.open].map(numeric),
      ],
      rows: accounts.map((each) => [
        `${words.kinds[each.account] ?? each.account} ${each.party}`,
        each.contract,
        format.cents(each.expected_cents),
        format.cents(each.owed_cents),
        format.cents(each.paid_cents),
        format.cents(each.open_cents),
      ]),
      total: [words.total, '', sum('expected_cents'), sum('owed_cents'), sum('paid_cents'), sum('open_cents')],
      empty: words.empty,
    },
    format.lang,
  )
}

function paymentTable(payments: readonly Payment[], format: Format): Html {
  const words = ledgerWords[format.lang]
  return tableOf(
    {
      caption: words.paymentsCaption,
      columns: [text(words.day), text(words.contract), text(words.what), text(words.by), numeric(words.amount)],
      rows: payments.map(({ paid_on: on, contract, settlement_id: id, advance_on: advance, paid_by: by, cents }) => [
        format.day(on.slice(0, 10)),
        contract,
        id === null
          ? words.advance(advance ? format.day(advance) : '')
          : markup`<a href="/settlements/${id}">${words.settlement}</a>`,
        by,
        format.cents(cents),
      ]),
      total: [words.total, '', '', '', format.cents(payments.reduce((all, { cents }) => all + cents, 0))],
      empty: words.noPayments,
    },
    format.lang,
  )
}
