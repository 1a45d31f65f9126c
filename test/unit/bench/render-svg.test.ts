import { expect, test } from 'vitest';
import { renderSvg } from '../../../bench/render-svg.ts';

test('a screen as SVG: colours, weight, wide characters in their cells, frames as strokes', () => {
  const screen = '\x1b[1m\x1b[33m? <a>\x1b[0m 日本 b\n┌──┐\x1b[7mx';
  expect(renderSvg({ screen, columns: 12, rows: 2, title: 'a "picture"' })).toMatchInlineSnapshot(`
    "<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128.8 64" width="128.8" height="64" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,DejaVu Sans Mono,monospace" font-size="14" fill="#e6edf3" role="img" xml:space="preserve">
    <title>a &quot;picture&quot;</title>
    <rect width="100%" height="100%" rx="8" fill="#0d1117"/>
    <text y="27.5"><tspan x="14" textLength="42" lengthAdjust="spacingAndGlyphs" fill="#d29922" font-weight="bold">? &lt;a&gt;</tspan><tspan x="64.4" textLength="16.8" lengthAdjust="spacingAndGlyphs">日</tspan><tspan x="81.2" textLength="16.8" lengthAdjust="spacingAndGlyphs">本</tspan><tspan x="106.4" textLength="8.4" lengthAdjust="spacingAndGlyphs">b</tspan></text>
    <rect x="47.6" y="32" width="8.4" height="18" fill="#e6edf3"/><path d="M18.2 41H22.4M18.2 41V50M22.4 41h16.8M43.4 41H39.2M43.4 41V50" stroke="#e6edf3" fill="none"/><text y="45.5"><tspan x="47.6" textLength="8.4" lengthAdjust="spacingAndGlyphs" fill="#0d1117">x</tspan></text>
    </svg>
    "
  `);
});
