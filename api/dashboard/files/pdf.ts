/** Pages of A4 out of headings, sentences, charts and tables: text selectable, heads of tables repeated, page and state in the foot. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import pdfmake from 'pdfmake'
import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type { Html } from '../../report/elements/html.ts'
import type { Format } from '../../report/words/format.ts'
import { cellText, isNumeric, type Sheet, type Values } from './sheet.ts'

export type Block =
  | { readonly heading: string }
  /** `lead`: the sentence that it is all about */
  | { readonly text: string; readonly look?: 'lead' | 'soft' }
  | { readonly tiles: readonly Tile[] }
  /** a chart of api/report/charts */
  | { readonly chart: Html; readonly caption: string }
  | { readonly sheet: Sheet }
  /** what follows begins on a page of its own */
  | { readonly pageBreak: true }

interface Tile {
  readonly label: string
  readonly value: string
  readonly note?: string
}

export interface Pdf {
  readonly title: string
  readonly blocks: readonly Block[]
  /** state and version, in the foot of each page */
  readonly foot: string
  /** the number of a page among all */
  readonly pageOf: (page: number, pages: number) => string
  /** of its state of the data: the same document has the same bytes */
  readonly day: string
}

const INK = { text: '#1f2a33', soft: '#55616b', line: '#d5dbe0', deep: '#0d3b4a' } as const
/** Points between the margins of A4. */
const WIDTH = 595 - 2 * 48
/** Nodes on a page after a heading that are more than its caption. */
const HEADED = 6

const FONTS = join(dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts', 'Roboto')
pdfmake.setFonts({
  Roboto: { normal: join(FONTS, 'Roboto-Regular.ttf'), bold: join(FONTS, 'Roboto-Medium.ttf') },
})
// A document has nothing but what it is given here: no address is opened, no file but the fonts.
pdfmake.setUrlAccessPolicy(() => false)
pdfmake.setLocalAccessPolicy((path) => path.startsWith(FONTS))

export async function pdfOf(pdf: Pdf, format: Format): Promise<Buffer> {
  const { title, blocks, foot, pageOf, day } = pdf
  const definition: TDocumentDefinitions = {
    info: { title, creationDate: new Date(`${day}T00:00:00Z`) },
    language: format.lang,
    displayTitle: true,
    pageSize: 'A4',
    pageMargins: [48, 44, 48, 52],
    defaultStyle: { fontSize: 9.5, lineHeight: 1.2, color: INK.text },
    // A heading and its caption go on with what they head.
    pageBreakBefore: ({ headlineLevel }, on) =>
      headlineLevel === 1 && on.getFollowingNodesOnPage().length < HEADED && on.getNodesOnNextPage().length > 0,
    content: [
      { text: title, fontSize: 18, bold: true, color: INK.deep, margin: [0, 0, 0, 8] },
      ...blocks.map((block) => contentOf(block, format)),
    ],
    footer: (page, pages) => ({
      margin: [48, 14, 48, 0],
      fontSize: 8,
      color: INK.soft,
      columns: [
        { text: foot, width: '*' },
        { text: pageOf(page, pages), width: 'auto', alignment: 'right' },
      ],
    }),
  }
  return await pdfmake.createPdf(definition).getBuffer()
}

function contentOf(block: Block, format: Format): Content {
  if ('heading' in block)
    return { text: block.heading, fontSize: 13, bold: true, color: INK.deep, margin: [0, 12, 0, 4], headlineLevel: 1 }
  if ('text' in block)
    return {
      text: block.text,
      margin: [0, 2, 0, 4],
      ...(block.look === 'lead' ? { fontSize: 13 } : block.look === 'soft' ? { color: INK.soft } : {}),
    }
  if ('pageBreak' in block) return { text: '', pageBreak: 'after' }
  if ('tiles' in block) return tilesOf(block.tiles)
  if ('chart' in block)
    return {
      unbreakable: true,
      stack: [
        { text: block.caption, color: INK.soft, margin: [0, 6, 0, 2] },
        { svg: svgOf(block.chart), width: WIDTH },
      ],
    }
  return tableOf(block.sheet, format)
}

/** The wide one of the two drawings that a chart is. */
function svgOf({ text }: Html): string {
  const found = /<svg[\s\S]*?<\/svg>/.exec(text)
  return (found?.[0] ?? '<svg xmlns="http://www.w3.org/2000/svg"/>').replaceAll(/ aria-label="[^"]*"/g, '')
}

const tilesOf = (tiles: readonly Tile[]): Content => ({
  margin: [0, 4, 0, 6],
  columnGap: 10,
  columns: tiles.map(({ label, value, note }) => ({
    stack: [
      { text: label, color: INK.soft, fontSize: 8.5 },
      { text: value, fontSize: 14, bold: true },
      ...(note === undefined ? [] : [{ text: note, color: INK.soft, fontSize: 8.5 }]),
    ],
  })),
})

function tableOf({ caption, columns, rows, total }: Sheet, format: Format): Content {
  const fontSize = columns.length > 7 ? 7.5 : 8.5
  const cells = (values: Values, isBold: boolean): Content[] =>
    columns.map((column, i) => ({
      text: cellText(column, values[i] ?? null, format),
      alignment: isNumeric(column) ? 'right' : 'left',
      bold: isBold,
    }))
  const heads = columns.map((column): Content => ({
    text: column.head,
    bold: true,
    alignment: isNumeric(column) ? 'right' : 'left',
  }))
  const last = rows.length
  return {
    stack: [
      { text: caption, color: INK.soft, margin: [0, 6, 0, 2], headlineLevel: 2 },
      {
        fontSize,
        table: {
          headerRows: 1,
          keepWithHeaderRows: 1,
          dontBreakRows: true,
          widths: columns.map(({ kind }) => (kind === 'text' ? '*' : 'auto')),
          body: [heads, ...rows.map((row) => cells(row, false)), ...(total ? [cells(total, true)] : [])],
        },
        layout: {
          hLineWidth: (i) => (i === 0 ? 0 : i === 1 || (total && i === last + 1) ? 1 : 0.5),
          vLineWidth: () => 0,
          hLineColor: (i) => (i === 1 || (total && i === last + 1) ? INK.deep : INK.line),
          paddingLeft: () => 4,
          paddingRight: () => 4,
        },
      },
    ],
  }
}
