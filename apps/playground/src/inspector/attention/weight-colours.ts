import { heatMapScale, type Palette } from '@qkv/apps-shared/components'

type Scale = ReturnType<typeof heatMapScale>

const scales = new WeakMap<Palette, Scale>()

/** Colours of attention weights; all maps of a theme share them. */
export function weightColours(palette: Palette): Scale {
  const scale = scales.get(palette) ?? heatMapScale('sequential', [0, 1], palette)
  scales.set(palette, scale)
  return scale
}
