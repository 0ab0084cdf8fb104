import { type Drawing, drawingFont, type Mark } from './drawing.ts'

/** Gives a canvas the size of the drawing, at so many pixels per CSS pixel, and paints it. */
export function paintDrawing(canvas: HTMLCanvasElement, drawing: Drawing, density: number): void {
  canvas.width = Math.ceil(drawing.width * density)
  canvas.height = Math.ceil(drawing.height * density)
  const context = canvas.getContext('2d')!
  context.scale(density, density)
  context.fillStyle = drawing.background
  context.fillRect(0, 0, drawing.width, drawing.height)
  context.textBaseline = 'middle'
  for (const mark of drawing.marks) {
    if (mark.kind === 'rectangle') {
      context.fillStyle = mark.fill
      context.fillRect(mark.x, mark.y, mark.width, mark.height)
    } else if (mark.kind === 'cells') {
      context.imageSmoothingEnabled = false
      context.drawImage(cellsImage(mark), mark.x, mark.y, mark.width, mark.height)
    } else if (mark.kind === 'line') {
      context.strokeStyle = mark.stroke
      context.lineWidth = mark.width
      context.lineJoin = 'round'
      context.beginPath()
      for (const [x, y] of mark.points) context.lineTo(x, y)
      context.stroke()
    } else {
      context.save()
      context.translate(mark.x, mark.y)
      if (mark.upright) context.rotate(-Math.PI / 2)
      context.fillStyle = mark.fill
      context.font = `${mark.size}px ${drawingFont}`
      context.textAlign = mark.anchor === 'middle' ? 'center' : mark.anchor
      context.fillText(mark.text, 0, 0)
      context.restore()
    }
  }
}

/** A pixel per cell; painting it larger costs one call, not thousands. */
function cellsImage(cells: Mark & { readonly kind: 'cells' }): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = cells.columns
  canvas.height = cells.rows
  canvas.getContext('2d')!.putImageData(new ImageData(cells.colours, cells.columns, cells.rows), 0, 0)
  return canvas
}
