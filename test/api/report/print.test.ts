/** The statement on paper: nothing folded away, heads repeated, state and version at every foot. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { reportOf } from '../../../api/report/report.ts'
import { funnelOf } from '../../../engine/explain/funnel.ts'
import { tablesOf, textOf } from '../../support/pages/page-text.ts'
import { input, partnerOf, partners, settlementOf } from '../../support/settlements/report-example.ts'

const others = Array.from({ length: 12 }, (_, i) =>
  partnerOf(`q${i + 10}`, 60 + 31 * i, [1.6 * Math.sin(i), Math.cos(2 * i)]),
)
const settlement = settlementOf([...partners, ...others])
const page = reportOf({ ...input, settlement })

test('the style sheet repeats heads, opens what is folded and states what the page is of at its foot', () => {
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)![1]!
  expect(style).toContain('thead{display:table-header-group}')
  expect(style).toContain('@page{size:A4')
  expect(page).not.toContain('<details>')
  const foot = /@bottom-left\{content:"([^"]*)"/.exec(style)![1]!
  const text = foot.replace(/\\([0-9a-f]+) /g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
  expect(text).toBe(
    `Gezondheidswinst DM2 2025 · Voorlopig, opgesteld · Stand van de gegevens 1 maart 2026 · versie ${settlement.engine_version} · ${settlement.settlement_id.slice(0, 12)}`,
  )
  const hostile = reportOf({ ...input, contract: { ...input.contract, title: '"}</style><script>x' } })
  expect(hostile).not.toMatch(/<script/)
  expect(/@bottom-left\{content:"([^"]*)"/.exec(hostile)![1]).toMatch(/^\\22 \\7d \\3c \\2f style/)
})

test('from fifteen partners up a funnel names who lies beyond its limits', () => {
  const shown = settlement.partners.filter(({ eligible }) => eligible >= 30).map(({ partner_id }) => partner_id)
  expect(shown.length).toBeGreaterThanOrEqual(15)
  const funnel = funnelOf(settlement, 0, shown)
  for (const { partner_id, beyond, precision, netGain } of funnel.points) {
    const { net_gain, variance } = settlement.partners.find((each) => each.partner_id === partner_id)!.outcomes[0]!
    const own = Math.sqrt(variance! - settlement.outcomes[0]!.trend_se ** 2)
    const distance = Math.abs(net_gain! - settlement.outcomes[0]!.collective_mean!) / own
    expect([netGain, precision * own]).toEqual([net_gain, expect.closeTo(1, 9)])
    expect(beyond).toBe(distance > 3.09 ? '99.8' : distance > 1.96 ? '95' : null)
  }
  expect(new Set(funnel.points.map(({ beyond }) => beyond)).size).toBeGreaterThan(1)
  expect(textOf(page)).toContain('De trechter')
  expect(textOf(reportOf(input))).not.toContain('De trechter')
})

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const canPrint = existsSync(CHROMIUM) && existsSync('/usr/bin/pdftotext')
if (!canPrint) process.stdout.write('print: left out, for want of chromium and pdftotext\n')

test.skipIf(!canPrint)(
  'printed to PDF, every row of every table is there, with heads and foot on each page',
  { timeout: 120_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'print-'))
    try {
      const [html, pdf] = [join(folder, 'report.html'), join(folder, 'report.pdf')]
      writeFileSync(html, page)
      const flags = [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--no-pdf-header-footer',
        `--user-data-dir=${folder}`,
      ]
      execFileSync(CHROMIUM, [...flags, `--print-to-pdf=${pdf}`, html], { stdio: 'ignore' })
      const text = execFileSync('/usr/bin/pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8', maxBuffer: 1 << 26 })
      const squeezed = text.replace(/\s+/g, '')
      const pages = text.split('\f').filter((each) => each.trim() !== '')
      expect(pages.length).toBeGreaterThan(5)
      pages.forEach((each, at) => {
        expect(each).toContain(`versie ${settlement.engine_version}`)
        expect(each).toContain(`${at + 1} / ${pages.length}`)
      })
      const amounts = tablesOf(page).flatMap(({ rows }) =>
        rows.flatMap(({ cells }) => cells.filter((cell) => /€/.test(cell))),
      )
      expect(amounts.length).toBeGreaterThan(100)
      const missing = amounts.filter((cell) => cell.length < 40 && !squeezed.includes(cell.replace(/\s+/g, '')))
      expect(missing).toEqual([])
      // A head is there as often as its tables, and more often where a page ends within one; heads that wrap are not looked for.
      const starts = tablesOf(page).map(({ heads }) => heads.slice(0, 2).join('').replace(/\s+/g, ''))
      const printed = (start: string): number => squeezed.split(start).length - 1
      const whole = [...new Set(starts)].filter((start) => printed(start) > 0)
      const tables = (start: string): number => starts.filter((each) => each === start).length
      expect(whole).toContain('StapBerekening')
      for (const start of whole) expect(printed(start), start).toBeGreaterThanOrEqual(tables(start))
      const repeated = whole.filter((start) => printed(start) > tables(start))
      expect(repeated).not.toEqual([])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
