/** A chart of the statement on a page: without styles in its attributes, which the pages' policy refuses. */
import { markup, raw, type Content, type Html } from '../../report/elements/html.ts'

/** Style attributes of SVG as the presentation attributes they stand for. */
const asAttributes = (style: string): string =>
  style
    .split(';')
    .map((each) => /^\s*([a-z-]+)\s*:\s*(.+?)\s*$/.exec(each))
    .map((found) => (found && found[1] !== 'max-width' ? ` ${found[1]}="${(found[2] ?? '').replace(/px$/, '')}"` : ''))
    .join('')

/** @param chart of api/report/charts, at both of its widths */
export function figureOf(caption: Content, chart: Html): Html {
  const plain = chart.text.replaceAll(/ style="([^"]*)"/g, (_, style: string) => asAttributes(style))
  return markup`<figure><figcaption>${caption}</figcaption>${raw(plain)}</figure>`
}
