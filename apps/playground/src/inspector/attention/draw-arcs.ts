import type { Drawing, Mark, Palette } from '@qkv/apps-shared/components'

export interface ArcData {
  readonly name: string
  readonly queryAxis: string
  readonly keyAxis: string
  readonly queries: readonly string[]
  readonly keys: readonly string[]
  /** `[query, key]`, row-major, from 0 to 1. */
  readonly weights: ArrayLike<number>
}

export interface DrawnArcs {
  readonly drawing: Drawing
  /** Middle of a token, in CSS pixels. */
  yOf(index: number): number
}

const rowHeight = 26
const top = 30
const size = 13
const steps = 20
/** Fainter lines than this would only grey the picture. */
const faintest = 0.01

/** Draws queries left, keys right, and an arc from each query to each key, as strong as its weight; `focus` brings out one query. */
export function drawArcs(data: ArcData, colours: Palette, width: number, focus?: number): DrawnArcs {
  const { queries, keys, weights } = data
  const side = Math.min(width * 0.32, 150)
  const [left, right] = [side, width - side]
  const yOf = (index: number): number => top + (index + 0.5) * rowHeight
  const write = (x: number, y: number, text: string, anchor: 'start' | 'end', quiet: boolean): Mark => ({
    kind: 'text',
    x,
    y,
    text: shorten(text),
    fill: quiet ? colours.textQuiet : colours.text,
    size,
    anchor,
  })
  const arcs: { readonly weight: number; readonly mark: Mark }[] = []
  for (let query = 0; query < queries.length; query++) {
    for (let key = 0; key < keys.length; key++) {
      const weight = weights[query * keys.length + key]!
      if (weight < faintest) continue
      const dimmed = focus !== undefined && focus !== query
      arcs.push({
        weight,
        mark: {
          kind: 'line',
          points: arc([left + 6, yOf(query)], [right - 6, yOf(key)]),
          stroke: withOpacity(colours.series[0]!, dimmed ? weight * 0.08 : weight),
          width: 1 + 4 * weight,
        },
      })
    }
  }
  const marks = [
    // Strong ones above faint ones.
    ...arcs.toSorted((one, other) => one.weight - other.weight).map(({ mark }) => mark),
    write(left, 12, data.queryAxis, 'end', true),
    write(right, 12, data.keyAxis, 'start', true),
    ...queries.map((text, index) =>
      write(left, yOf(index), text, 'end', focus !== undefined && focus !== index),
    ),
    ...keys.map((text, index) => write(right, yOf(index), text, 'start', false)),
  ]
  const height = top + Math.max(queries.length, keys.length) * rowHeight + 6
  return { drawing: { width, height, background: colours.surface, title: data.name, marks }, yOf }
}

/** A curve that leaves and arrives level. */
function arc(from: readonly [number, number], to: readonly [number, number]): [number, number][] {
  return Array.from({ length: steps + 1 }, (_, step) => {
    const along = step / steps
    const bend = along * along * (3 - 2 * along)
    return [from[0] + (to[0] - from[0]) * along, from[1] + (to[1] - from[1]) * bend]
  })
}

function withOpacity(colour: string, opacity: number): string {
  const channel = Math.round(Math.min(Math.max(opacity, 0), 1) * 255)
  return `${colour}${channel.toString(16).padStart(2, '0')}`
}

function shorten(label: string): string {
  const characters = [...label]
  return characters.length > 14 ? `${characters.slice(0, 13).join('')}…` : label
}
