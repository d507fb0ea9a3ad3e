/** What an insurer sees first and pays, its draft payment file, and the ledger: to each its own. */
import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { parse } from 'csv-parse/sync'
import { validateXML } from 'xmllint-wasm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { amountOf, pain001, type PaymentDraft } from '../../../api/dashboard/files/pain001.ts'
import { formatOf } from '../../../api/report/words/format.ts'
import { tablesOf, textOf } from '../../support/pages/page-text.ts'
import { browserOf } from '../../support/pages/reader-page.ts'
import { runningApp, type RunningApp } from '../../support/services/running-app.ts'
import { releasedByHand } from '../../support/settlements/released.ts'

/** Ours, not the standard's own schema, which is not on this machine: see its first lines. */
const used = readFileSync(new URL('pain001-used.xsd', import.meta.url), 'utf8')
const faultsOf = async (contents: string): Promise<readonly string[]> =>
  (await validateXML({ xml: [{ fileName: 'draft.xml', contents }], schema: [used] })).errors.map(
    ({ message }) => message,
  )

const draft: PaymentDraft = {
  settlementId: 'ab'.repeat(32),
  contract: 'zz <dm2> & 2025',
  insurer: '7095',
  on: '2026-05-01',
  transfers: [
    { partnerId: 'p01', name: 'Praktijk <b>één</b>', cents: 112_484 },
    { partnerId: 'p02', name: 'Praktijk 2', cents: -300 },
    { partnerId: 'p03', name: 'N'.repeat(300), cents: 5 },
  ],
}

describe('the draft payment file', () => {
  test('has the elements of the message in their order, by our own schema of those it uses, and the cents exactly', async () => {
    const xml = pain001(draft)!
    expect(await faultsOf(xml)).toEqual([])
    expect(xml).toContain('<InstdAmt Ccy="EUR">1124.84</InstdAmt>')
    expect(xml).toContain('<InstdAmt Ccy="EUR">0.05</InstdAmt>')
    expect(xml.match(/<CtrlSum>1124\.89<\/CtrlSum>/g)).toHaveLength(2)
    expect(xml).toContain('<EndToEndId>abababababab-p01</EndToEndId>')
    expect(xml).not.toContain('abababababab-p02')
    expect(xml).not.toContain('IBAN')
    expect(await faultsOf(xml.replace('<PmtMtd>TRF</PmtMtd>', ''))).not.toEqual([])
  })

  test('is none where nothing is owed', () => {
    expect(pain001({ ...draft, transfers: [{ partnerId: 'p02', name: 'x', cents: 0 }] })).toBeNull()
  })

  test('an amount is its cents, whatever they are', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 45 }), (cents) => {
        const [euros = '', rest = ''] = amountOf(cents).split('.')
        return rest.length === 2 && BigInt(euros) * 100n + BigInt(rest) === BigInt(cents)
      }),
    ))
})

describe('the first page of an insurer', () => {
  let asked: RunningApp
  let browse: ReturnType<typeof browserOf>
  let id: string
  const cents = (n: number) => formatOf('nl').cents(n)
  beforeAll(async () => {
    asked = await runningApp()
    browse = browserOf(asked)
    id = asked.noord.settlement.settlement_id
  })
  afterAll(() => asked.close())
  const shareOf = async () => {
    const life = (await asked.ask('insurer 7095', `/v1/settlements/${id}/life`)).json()
    return life.shares[0] as {
      due_cents: number
      pays: { partner_id: string | null; due_cents: number }[]
    }
  }

  test('says what it would pay before anybody agreed, and has no file yet', async () => {
    const page = await browse('insurer 7095', '/')
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain(`zoals het nu staat betaalt u ${cents((await shareOf()).due_cents)}`)
    expect((await browse('insurer 7095', `/settlements/${id}/payment-draft`)).statusCode).toBe(404)
    const nobody = await browse('insurer 1111', '/')
    expect(nobody.body).toContain('Er wordt nu niets van u gevraagd')
    expect(nobody.body).not.toContain(id)
  })

  test('says what it pays and until when it may object, and drafts the payment of its own share alone', async () => {
    await releasedByHand(asked.store, id)
    const share = await shareOf()
    expect(share.pays.reduce((sum, { due_cents: due }) => sum + due, 0)).toBe(share.due_cents)
    const page = await browse('insurer 7095', '/')
    expect(page.body).toMatch(new RegExp(`U betaalt ${cents(share.due_cents).replaceAll('.', '\\.')}; controleer vóór`))
    expect(page.body).toContain(`winst verify ${id.slice(0, 12)}-7095.bundle`)
    expect(page.body).toContain(`href="/v1/settlements/${id}/bundle"`)
    const file = await browse('insurer 7095', `/settlements/${id}/payment-draft`)
    expect([file.statusCode, file.headers['content-type']]).toEqual([200, 'application/xml; charset=utf-8'])
    expect(await faultsOf(file.body)).toEqual([])
    const owed = share.pays.filter(({ partner_id: of, due_cents: due }) => of !== null && due > 0)
    expect(file.body.match(/<CdtTrfTxInf>/g)).toHaveLength(owed.length)
    for (const { due_cents: due } of owed) expect(file.body).toContain(`>${amountOf(due)}<`)
    for (const asker of ['analyst ann', 'partner p01', 'researcher rob'] as const)
      expect((await browse(asker, `/settlements/${id}/payment-draft`)).statusCode).toBe(403)
    expect((await browse('insurer 1111', `/settlements/${id}/payment-draft`)).statusCode).toBe(404)
    expect((await browse('insurer 7095', '/?lang=en')).body).toContain('check it before')
  })

  test('what it pays by partner is one table: on its first page, on the settlement’s, and in the file', async () => {
    const { due_cents: due, pays } = await shareOf()
    const rowsIn = (body: string) =>
      tablesOf(body)
        .find(({ caption }) => caption.includes('Uw betaling per partner'))!
        .rows.map(({ cells }) => cells)
    const rows = rowsIn((await browse('insurer 7095', '/')).body)
    expect(rowsIn((await browse('insurer 7095', `/settlements/${id}`)).body)).toEqual(rows)
    expect(rows.map(([, , each]) => each)).toEqual(pays.map(({ due_cents: each }) => cents(each)))
    const file = (await browse('insurer 7095', `/settlements/${id}/tables/share/csv`)).body
    const lines = parse(file, { bom: true, delimiter: ';' })
    expect(lines).toHaveLength(rows.length + 2)
    expect(lines[0]).toEqual(['Partner', 'Uw deel', 'Nu te betalen'])
    expect(lines.at(-1)![2]).toBe((due / 100).toFixed(2).replace('.', ','))
  })

  test('the ledger as files has the totals of the page', async () => {
    const page = (await browse('analyst ann', '/ledger')).body
    const total = /<tfoot>([^]*?)<\/tfoot>/.exec(page)![1]!
    const lines = parse((await browse('analyst ann', '/ledger/tables/accounts/csv')).body, {
      bom: true,
      delimiter: ';',
    })
    const open = Math.round(Number(lines.at(-1)!.at(-1)!.replace(',', '.')) * 100)
    expect(textOf(total)).toContain(cents(open))
    expect((await browse('analyst ann', '/ledger/tables/payments/csv')).statusCode).toBe(200)
    expect((await browse('analyst ann', '/ledger/tables/nothing/csv')).statusCode).toBe(404)
    expect((await browse('researcher rob', '/ledger/tables/accounts/csv')).statusCode).toBe(403)
  })

  test('the ledger shows each its own accounts', async () => {
    const { accounts } = (await asked.ask('analyst ann', '/v1/ledger')).json() as {
      accounts: { account: string; party: string; owed_cents: number }[]
    }
    const own = accounts.find(({ account, party }) => account === 'insurer' && party === '7095')!
    const insurer = await browse('insurer 7095', '/ledger')
    expect(insurer.body).toContain(cents(own.owed_cents))
    expect(insurer.body).not.toContain('verzekeraar 3311')
    expect((await browse('partner p01', '/ledger')).body).not.toMatch(/verzekeraar \d{4}/)
    expect((await browse('analyst ann', '/ledger?lang=en')).body).toContain('insurer 3311')
    expect((await browse('researcher rob', '/ledger')).statusCode).toBe(403)
  })
})
