/** The few figures that a page begins with. */
import { markup, type Content, type Html } from '../../report/elements/html.ts'

export interface Tile {
  readonly label: string
  readonly value: Content
  readonly note?: Content
}

export const tilesOf = (tiles: readonly Tile[]): Html =>
  markup`<dl class="tiles">${tiles.map(
    ({ label, value, note }) =>
      markup`<div><dt>${label}</dt><dd>${value}${note === undefined ? null : markup`<small>${note}</small>`}</dd></div>`,
  )}</dl>`
