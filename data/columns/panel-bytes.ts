/** A panel as bytes and back: what is stored for a shard, and what a worker thread opens without a database. */
import type { Panel } from '../../engine/panel/panel.ts'
import { packed, unpacked } from './packed.ts'

/** Raised when the layout of a stored panel changes, so that no older bytes are taken for newer ones. */
export const PANEL_LAYOUT = 1

export const panelBytes = (panel: Panel): Uint8Array => packed(panel)

export const panelOf = (bytes: Uint8Array): Panel => unpacked(bytes) as Panel
