import { createTexts } from '@qkv/apps-shared/language'
import type { HeadPlace } from '@qkv/pipelines'

/** Names of the three kinds of attention. */
export const siteText = createTexts({
  en: {
    encoder: 'Encoder self-attention',
    decoder: 'Decoder self-attention',
    cross: 'Cross-attention',
    place: '{{site}}, layer {{layer}}, head {{head}}',
  },
  zh: {
    encoder: '编码器自注意力',
    decoder: '解码器自注意力',
    cross: '交叉注意力',
    place: '{{site}}，第 {{layer}} 层第 {{head}} 个头',
  },
})

/** A head by its site, layer and number, counted from 1. */
export function headText({ site, layer, head }: HeadPlace): string {
  return siteText('place', { site: siteText(site), layer: layer + 1, head: head + 1 })
}
