import type { Drawing } from './drawing.ts'
import { drawingToSvg } from './drawing-to-svg.ts'
import { paintDrawing } from './paint-drawing.ts'

/** Sharp enough for slides. */
const density = 3

/** Saves a drawing as a file on the person's machine. */
export async function saveDrawing(drawing: Drawing, name: string, kind: 'png' | 'svg'): Promise<void> {
  const blob =
    kind === 'svg' ? new Blob([drawingToSvg(drawing)], { type: 'image/svg+xml' }) : await toPng(drawing)
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = `${name}.${kind}`
  link.click()
  // The download has begun by then, and holds what it needs.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

function toPng(drawing: Drawing): Promise<Blob> {
  const canvas = document.createElement('canvas')
  paintDrawing(canvas, drawing, density)
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob)
      else
        reject(
          new Error(
            `saveDrawing: a picture of ${canvas.width} × ${canvas.height} pixels could not be made. Save it as SVG.`,
          ),
        )
    }, 'image/png')
  })
}
