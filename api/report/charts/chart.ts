/** A chart as SVG text, rendered here rather than in the reader's browser: no script, no request, the same bytes each time. */
import { BarChart, CustomChart, LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, LegendComponent, MarkLineComponent } from 'echarts/components'
import { init, use, type EChartsCoreOption } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { escaped, raw, type Html } from '../elements/html.ts'

use([BarChart, CustomChart, LineChart, ScatterChart, GridComponent, LegendComponent, MarkLineComponent, SVGRenderer])

/** Colours with at least 4.5:1 contrast on white, told apart without colour too (shapes differ, values are written). */
export const INK = {
  text: '#1f2a33',
  soft: '#5a6670',
  line: '#d5dbe0',
  gain: '#0b6e6e',
  loss: '#a8431a',
  calm: '#667481',
  whole: '#0d3b4a',
  light: '#b9d9d8',
} as const

const FONT = "'Segoe UI', 'Helvetica Neue', Arial, sans-serif"

export interface Picture {
  /** unique on the page */
  readonly id: string
  readonly width: number
  readonly height: number
  /** what the chart shows, for who cannot see it; the numbers stand in a table beside it */
  readonly label: string
  readonly option: EChartsCoreOption
  /** what is drawn otherwise where there is no room for the width */
  readonly narrow?: { readonly height?: number; readonly option: EChartsCoreOption }
}

/** Of a telephone, less the margins of the page. */
const NARROW = 328

/** The chart twice, of which the style sheet shows one: at its width, and as wide as a telephone, so that its text stays large enough to read. */
export function chartOf(picture: Picture): Html {
  const { narrow, ...wide } = picture
  const small = { ...wide, ...narrow, id: `${wide.id}-narrow`, width: NARROW }
  return raw(`<div class="wide">${drawn(wide)}</div><div class="narrow">${drawn(small)}</div>`)
}

/** One <svg> element that scales with the page. */
function drawn(picture: Picture): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: picture.width, height: picture.height })
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily: FONT, color: INK.text }, ...picture.option })
    return settled(chart.renderToSVGString(), picture)
  } finally {
    chart.dispose()
  }
}

/** The renderer numbers charts, classes and clip paths from counters of its process: name them after the picture instead,
 *  and leave out what only serves a mouse. */
function settled(svg: string, { id, label, width, height }: Picture): string {
  const names = new Map<string, string>()
  const renamed = svg
    .replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
    .replace(/ class="zr[^"]*"/g, '')
    .replace(/ (pointer-events|ecmeta_[a-z_]+)="[^"]*"/g, '')
    .replace(/zr\d+-[A-Za-z]+-?\d+/g, (name) => {
      if (!names.has(name)) names.set(name, `${id}-${names.size}`)
      return names.get(name) ?? name
    })
    .replace(/\n/g, '')
  const opening = `<svg role="img" aria-label="${escaped(label)}" viewBox="0 0 ${width} ${height}" style="max-width:${width}px" xmlns="http://www.w3.org/2000/svg">`
  return renamed.replace(/^<svg[^>]*>/, () => opening)
}
