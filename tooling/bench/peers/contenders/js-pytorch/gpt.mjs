import { torch } from 'js-pytorch'
import { gelu, layerNorm } from './layers.mjs'
import { upload } from './upload.mjs'

export function gptForward(inputs, settings) {
  const { layers, width, heads, batch, length, vocabularySize } = settings
  const headSize = width / heads
  const weights = new Map(
    [...inputs]
      .filter(([name]) => name !== 'tokens' && name !== 'targets')
      .map(([name, array]) => [name, upload(array)]),
  )
  const embedding = new torch.nn.Embedding(vocabularySize, width)
  embedding.E = weights.get('wte.weight')
  const tokens = upload(inputs.get('tokens'))
  const outputWeight = weights.get('wte.weight').transpose(0, 1)
  const softmax = new torch.nn.Softmax()
  const seen = torch.tril([length, length])
  const project = (name, x) => torch.matmul(x, weights.get(`${name}.weight`)).add(weights.get(`${name}.bias`))
  const norm = (name, x) => layerNorm(x, weights.get(`${name}.weight`), weights.get(`${name}.bias`))
  const splitHeads = (x) => x.reshape([batch, length, heads, headSize]).transpose(1, 2)

  // The library cannot cut a tensor: the packed projection is cut here, once.
  for (let layer = 0; layer < layers; layer++) {
    const name = `h.${layer}.attn.c_attn`
    const rows = weights.get(`${name}.weight`).data
    const bias = weights.get(`${name}.bias`).data
    ;['query', 'key', 'value'].forEach((role, index) => {
      const cut = (row) => row.slice(index * width, (index + 1) * width)
      weights.set(`${name}.${role}.weight`, torch.tensor(rows.map(cut), false))
      weights.set(`${name}.${role}.bias`, torch.tensor(cut(bias), false))
    })
  }

  function forward() {
    let x = embedding.forward(tokens).add(weights.get('wpe.weight'))
    for (let layer = 0; layer < layers; layer++) {
      const name = `h.${layer}`
      const normalized = norm(`${name}.ln_1`, x)
      const [query, key, value] = ['query', 'key', 'value'].map((role) =>
        splitHeads(project(`${name}.attn.c_attn.${role}`, normalized)),
      )
      const scores = torch.matmul(query.mul(1 / Math.sqrt(headSize)), key.transpose(-2, -1))
      const masked = scores.masked_fill(torch.broadcast(seen, scores), (element) => element === 0, -1e9)
      const mixed = torch.matmul(softmax.forward(masked, -1), value)
      const joined = mixed.transpose(1, 2).reshape([batch, length, width])
      x = x.add(project(`${name}.attn.c_proj`, joined))
      x = x.add(project(`${name}.mlp.c_proj`, gelu(project(`${name}.mlp.c_fc`, norm(`${name}.ln_2`, x)))))
    }
    return torch.matmul(norm('ln_f', x), outputWeight)
  }

  let logits
  return {
    run() {
      logits = forward()
    },
    output: () => Float32Array.from(logits.data.flat(Infinity)),
  }
}
