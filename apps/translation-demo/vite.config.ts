import { appConfig, modelFiles, offline } from '@qkv/apps-shared/vite'
import { defineConfig } from 'vite'

export default defineConfig(
  appConfig({
    // Those of its models, and those that a model adds by itself.
    parts: ['scaled-dot', 'rope', 'sinusoidal', 'learned', 'causal', 'padding', 'dropout'],
    // The engine keeps a model when it has loaded it: nobody who goes one way downloads both.
    plugins: [modelFiles(['zh-en', 'en-zh']), offline({ leaveOut: /^models\// })],
  }),
)
