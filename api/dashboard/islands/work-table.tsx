/** The whole work list in place of its first page: filtered while one types, and only the rows in sight are in the document. */
import {
  columnFilteringFeature,
  constructTable,
  createColumnHelper,
  createFilteredRowModel,
  filterFn_includesString,
  globalFilteringFeature,
  tableFeatures,
} from '@tanstack/table-core'
import { storeReactivityBindings } from '@tanstack/table-core/store-reactivity-bindings'
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core'
import { render } from 'preact'
import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks'

interface Said {
  readonly rows: string
  readonly search: string
  readonly columns: readonly string[]
  readonly shown: string
  readonly caption: string
}
type Row = readonly (string | null)[]

const features = tableFeatures({
  coreReactivityFeature: storeReactivityBindings(),
  columnFilteringFeature,
  globalFilteringFeature,
  filteredRowModel: createFilteredRowModel(),
  filterFns: { includesString: filterFn_includesString },
})
const helper = createColumnHelper<typeof features, { readonly text: string; readonly row: Row }>()
/** All cells of a row as one text: what is typed is looked for in each. */
const columns = helper.columns([helper.accessor('text', { header: 'text' })])

/** Of a row, in pixels: cells do not wrap. */
const ROW_HEIGHT = 37

function WorkTable({ rows, said }: { readonly rows: readonly Row[]; readonly said: Said }) {
  const [typed, setTyped] = useState('')
  const table = useMemo(
    () =>
      constructTable({
        features,
        columns,
        data: rows.map((row) => ({ text: row.join(' '), row })),
        globalFilterFn: 'includesString',
      }),
    [rows],
  )
  const found = useMemo(() => {
    table.setGlobalFilter(typed)
    return table.getRowModel().rows
  }, [table, typed])
  const number = new Intl.NumberFormat(document.documentElement.lang)
  const shown = said.shown.replace('{n}', number.format(found.length)).replace('{all}', number.format(rows.length))
  return (
    <>
      <div class="field">
        <label for="work-search">{said.search}</label>
        <input id="work-search" type="search" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        <p class="hint" role="status">
          {shown}
        </p>
      </div>
      <Rows rows={found.map(({ original }) => original.row)} said={said} />
    </>
  )
}

function Rows({ rows, said }: { readonly rows: readonly Row[]; readonly said: Said }) {
  const scroll = useRef<HTMLDivElement>(null)
  const [, again] = useReducer<number, void>((n) => n + 1, 0)
  const virtual = useMemo(
    () =>
      new Virtualizer<HTMLDivElement, HTMLTableRowElement>({
        count: 0,
        getScrollElement: () => scroll.current,
        estimateSize: () => ROW_HEIGHT,
        observeElementRect,
        observeElementOffset,
        scrollToFn: elementScroll,
        overscan: 12,
        onChange: () => again(),
      }),
    [],
  )
  virtual.setOptions({ ...virtual.options, count: rows.length })
  // Adapters of the library call these so.
  // oxlint-disable-next-line no-underscore-dangle
  useEffect(() => virtual._didMount(), [virtual])
  // oxlint-disable-next-line no-underscore-dangle
  useEffect(() => virtual._willUpdate())
  const items = virtual.getVirtualItems()
  const [before, after] = [items[0]?.start ?? 0, virtual.getTotalSize() - (items.at(-1)?.end ?? 0)]
  return (
    <div class="scroll tall" role="region" tabIndex={0} aria-label={said.caption} ref={scroll}>
      <table class="one-line" aria-rowcount={rows.length + 1}>
        <caption>{said.caption}</caption>
        <thead>
          <tr>
            {said.columns.map((head) => (
              <th scope="col">{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr aria-hidden="true" style={{ height: `${before}px` }} />
          {items.map(({ index, key }) => {
            const [first, ...rest] = rows[index] ?? []
            return (
              <tr key={key} aria-rowindex={index + 2}>
                <th scope="row">
                  <a href={`/patients/${encodeURIComponent(first ?? '')}`}>{first}</a>
                </th>
                {rest.map((cell) => (
                  <td>{cell ?? '–'}</td>
                ))}
              </tr>
            )
          })}
          <tr aria-hidden="true" style={{ height: `${after}px` }} />
        </tbody>
      </table>
    </div>
  )
}

const at = document.getElementById('work-table')
if (at?.dataset.work) void show(at, JSON.parse(at.dataset.work) as Said)

/** Puts the table in place of the page's own; without an answer the page stays as it came. */
async function show(place: HTMLElement, said: Said): Promise<void> {
  const answer = await fetch(said.rows).catch(() => null)
  const rows = answer?.ok ? ((await answer.json()) as Row[]) : []
  if (rows.length === 0) return
  const files = place.querySelector('.files')
  const table = document.createElement('div')
  place.replaceChildren(table, ...(files ? [files] : []))
  render(<WorkTable rows={rows} said={said} />, table)
}
