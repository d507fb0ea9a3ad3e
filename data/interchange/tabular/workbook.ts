/** Workbooks of spreadsheets (.xlsx): a sheet for each table, or a workbook of one sheet for each. */
import { posix } from 'node:path'
import { unescaped } from './escapes.ts'
import { tabularFilesAt, type TabularFile } from './files.ts'
import { numberFormatOf, type NumberFormat } from './number-formats.ts'
import { sheetRows, type Shared } from './sheet.ts'
import type { SourceTable, TabularSource } from './table.ts'
import { readXml } from './xml-events.ts'
import { unreadable, ZipArchive } from './zip-archive.ts'

const ending = /\.(xlsx|xlsm)$/i

/** Texts that the cells of a workbook share, in characters: they are in memory while it is read. */
const mostText = 256 << 20

/** @throws Refusal `missing_directory`, `missing_file`, `unreadable_file` */
export async function workbooksAt(path: string): Promise<TabularSource> {
  const { read, ignored } = await tabularFilesAt(path, ending, 'a workbook (.xlsx)')
  const archives: ZipArchive[] = []
  const close = async () => {
    for (const archive of archives) await archive.close()
  }
  try {
    const tables: SourceTable[] = []
    for (const file of read) {
      const archive = await ZipArchive.open(file.path, file.name)
      archives.push(archive)
      tables.push(...(await sheetsOf(file, archive)))
    }
    return { tables, ignored, files: read.length, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function sheetsOf(file: TabularFile, archive: ZipArchive): Promise<SourceTable[]> {
  const workbook = await readWorkbook(archive)
  let shared: Promise<Shared> | undefined
  const single = workbook.sheets.length === 1
  return workbook.sheets.map(({ name, part }) => ({
    // a workbook of one sheet is called as its table is, more often than the sheet
    table: single && /^(sheet|blad) ?\d*$/i.test(name) ? file.stem : tableOf(name),
    file: file.name,
    where: name,
    bytes: archive.packedBytes(part) + archive.packedBytes(workbook.texts),
    columns: null,
    rows: async function* () {
      shared ??= readShared(archive, workbook)
      yield* sheetRows(archive, part, await shared)
    },
  }))
}

/** A sheet that is full goes on in one of the same name with a number: observations (2). */
const tableOf = (sheet: string): string =>
  sheet
    .trim()
    .toLowerCase()
    .replace(/ ?\(\d+\)$/, '')

interface Workbook {
  readonly sheets: readonly { readonly name: string; readonly part: string }[]
  readonly from1904: boolean
  /** part names; blank where the workbook has none */
  readonly texts: string
  readonly styles: string
}

async function readWorkbook(archive: ZipArchive): Promise<Workbook> {
  const main = (await relationsOf(archive, '')).find(({ type }) => type === 'officeDocument')?.target
  if (main === undefined) throw unreadable(archive.name, 'it is a zip archive and no workbook')
  const sheets: { name: string; id: string }[] = []
  let from1904 = false
  await readXml(archive, main, {
    open(name, attribute) {
      if (name === 'sheet') sheets.push({ name: attribute('name'), id: attribute('r:id') || attribute('id') })
      else if (name === 'workbookPr') from1904 = ['1', 'true'].includes(attribute('date1904'))
    },
  })
  const relations = await relationsOf(archive, main)
  const partOf = (wanted: string) => relations.find(({ type }) => type === wanted)?.target ?? ''
  return {
    sheets: sheets.flatMap(({ name, id }) => {
      const part = relations.find((relation) => relation.id === id && relation.type === 'worksheet')?.target
      // a sheet that is a chart has no rows
      return part === undefined ? [] : [{ name, part }]
    }),
    from1904,
    texts: partOf('sharedStrings'),
    styles: partOf('styles'),
  }
}

/** What a part refers to; of the archive itself for a blank name. */
async function relationsOf(archive: ZipArchive, part: string) {
  const relations: { readonly id: string; readonly type: string; readonly target: string }[] = []
  const home = posix.dirname(part)
  const file = posix.join(home, '_rels', `${posix.basename(part)}.rels`)
  if (!archive.has(file)) return relations
  await readXml(archive, file, {
    open(name, attribute) {
      if (name !== 'Relationship') return
      const target = attribute('Target')
      relations.push({
        id: attribute('Id'),
        type: posix.basename(attribute('Type')),
        target: target.startsWith('/') ? target.slice(1) : posix.join(home, target),
      })
    },
  })
  return relations
}

async function readShared(archive: ZipArchive, { texts, styles, from1904 }: Workbook): Promise<Shared> {
  return {
    texts: texts === '' ? [] : await readTexts(archive, texts),
    formats: styles === '' ? [] : await readFormats(archive, styles, from1904),
  }
}

async function readTexts(archive: ZipArchive, part: string): Promise<string[]> {
  const texts: string[] = []
  let [text, reading, phonetic, size] = ['', false, false, 0]
  await readXml(archive, part, {
    open(name) {
      if (name === 'si') text = ''
      else if (name === 'rPh') phonetic = true
      reading = name === 't' && !phonetic
    },
    text(more) {
      if (reading) text += more
    },
    close(name) {
      reading = false
      if (name === 'rPh') phonetic = false
      if (name !== 'si') return
      size += text.length + 1
      if (size > mostText) throw unreadable(archive.name, `more than ${mostText} characters of texts`)
      texts.push(unescaped(text))
    },
  })
  return texts
}

/** The format of each style that a cell may have. */
async function readFormats(archive: ZipArchive, part: string, from1904: boolean): Promise<NumberFormat[]> {
  const codes = new Map<number, string>()
  const formats: NumberFormat[] = []
  let inCells = false
  await readXml(archive, part, {
    open(name, attribute) {
      if (name === 'numFmt') codes.set(Number(attribute('numFmtId')), attribute('formatCode'))
      else if (name === 'cellXfs') inCells = true
      else if (name === 'xf' && inCells) {
        const id = Number(attribute('numFmtId'))
        formats.push(numberFormatOf(id, codes.get(id), from1904))
      }
    },
    close(name) {
      if (name === 'cellXfs') inCells = false
    },
  })
  return formats
}
