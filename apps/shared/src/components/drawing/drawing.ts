/** One mark of a drawing; lengths are CSS pixels, colours are any CSS colour. */
export type Mark =
  | {
      readonly kind: 'rectangle'
      readonly x: number
      readonly y: number
      readonly width: number
      readonly height: number
      readonly fill: string
    }
  | {
      /** Many rectangles of one size without gaps, such as the cells of a large heat map. */
      readonly kind: 'cells'
      readonly x: number
      readonly y: number
      readonly width: number
      readonly height: number
      readonly rows: number
      readonly columns: number
      /** `[rows, columns, 4]`: red, green, blue, opacity from 0 to 255. */
      readonly colours: Uint8ClampedArray<ArrayBuffer>
    }
  | {
      readonly kind: 'line'
      readonly points: readonly (readonly [x: number, y: number])[]
      readonly stroke: string
      readonly width: number
    }
  | {
      readonly kind: 'text'
      readonly x: number
      /** Of the middle of the text. */
      readonly y: number
      readonly text: string
      readonly fill: string
      readonly size: number
      readonly anchor: 'start' | 'middle' | 'end'
      /** Written upwards. */
      readonly upright?: boolean
    }

/** A picture that is painted on the screen, and saved as PNG or SVG, from the same marks. */
export interface Drawing {
  readonly width: number
  readonly height: number
  readonly background: string
  /** What it shows, for people who cannot see it. */
  readonly title: string
  readonly marks: readonly Mark[]
}

export const drawingFont = "system-ui, 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
