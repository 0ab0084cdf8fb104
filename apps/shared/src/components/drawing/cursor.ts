/** How the places of a drawing follow each other: to the right, or downwards. */
export type CursorAxis = 'horizontal' | 'vertical'

const keys = {
  horizontal: { back: 'ArrowLeft', forth: 'ArrowRight' },
  vertical: { back: 'ArrowUp', forth: 'ArrowDown' },
} as const

/** The place that is nearest to a pointer, by where the places are on the drawing in pixels. */
export function placeUnder(
  event: PointerEvent,
  canvas: HTMLCanvasElement,
  axis: CursorAxis,
  count: number,
  pixelOf: (place: number) => number,
): number {
  const { left, top } = canvas.getBoundingClientRect()
  const pointer = axis === 'horizontal' ? event.clientX - left : event.clientY - top
  const distances = Array.from({ length: count }, (_, place) => Math.abs(pixelOf(place) - pointer))
  return distances.indexOf(Math.min(...distances))
}

/** The place that a key moves to; `undefined` for keys that move nowhere, which are left to the page. */
export function placeAfterKey(
  event: KeyboardEvent,
  axis: CursorAxis,
  count: number,
  place: number,
): number | undefined {
  const { back, forth } = keys[axis]
  const next = { [back]: place - 1, [forth]: place + 1, Home: 0, End: count - 1 }[event.key]
  if (next === undefined) return undefined
  event.preventDefault()
  return Math.min(Math.max(next, 0), count - 1)
}
