import { type Drawing, drawingFont, type Mark } from './drawing.ts'
import { xmlText } from './xml-text.ts'

const namespace = 'http://www.w3.org/2000/svg'

/** The drawing as a document of its own: attributes only, no styles, no scripts. */
export function drawingToSvg(drawing: Drawing): string {
  const { width, height } = drawing
  const root = element('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img' })
  const title = element('title', {})
  title.textContent = xmlText(drawing.title)
  root.append(title, element('rect', { width, height, fill: drawing.background }))
  for (const mark of drawing.marks) {
    if (mark.kind === 'cells') root.append(...cellElements(mark))
    else root.append(elementOf(mark))
  }
  return new XMLSerializer().serializeToString(root)
}

function elementOf(mark: Exclude<Mark, { readonly kind: 'cells' }>): SVGElement {
  if (mark.kind === 'rectangle') {
    const { x, y, width, height, fill } = mark
    return element('rect', { x, y, width, height, fill, 'shape-rendering': 'crispEdges' })
  }
  if (mark.kind === 'line') {
    return element('polyline', {
      points: mark.points.map(([x, y]) => `${round(x)},${round(y)}`).join(' '),
      fill: 'none',
      stroke: mark.stroke,
      'stroke-width': mark.width,
    })
  }
  const { x, y, fill, size } = mark
  const text = element('text', {
    x,
    y,
    fill,
    'font-size': size,
    'font-family': drawingFont,
    'text-anchor': mark.anchor,
    'dominant-baseline': 'central',
    ...(mark.upright && { transform: `rotate(-90 ${round(x)} ${round(y)})` }),
  })
  text.textContent = xmlText(mark.text)
  return text
}

function cellElements(cells: Mark & { readonly kind: 'cells' }): SVGElement[] {
  const { rows, columns, colours } = cells
  const width = cells.width / columns
  const height = cells.height / rows
  return Array.from({ length: rows * columns }, (_, index) => {
    const [red, green, blue] = colours.subarray(index * 4, index * 4 + 3)
    return elementOf({
      kind: 'rectangle',
      x: cells.x + (index % columns) * width,
      y: cells.y + Math.floor(index / columns) * height,
      width,
      height,
      fill: `rgb(${red}, ${green}, ${blue})`,
    })
  })
}

function element(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(namespace, name)
  for (const [attribute, value] of Object.entries(attributes)) {
    made.setAttribute(attribute, typeof value === 'number' ? String(round(value)) : value)
  }
  return made
}

function round(length: number): number {
  return Number(length.toFixed(2))
}
